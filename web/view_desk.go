package web

// The bar of the pages for people who have signed in: who they are, where their
// role leads, the way out. A view that has one names the layout "desk".

// Bar is the head of such a page.
type Bar struct {
	Name    string // 崔立新
	Role    string // 竞赛部
	Account string // the address of the person's own page
	Out     string // where signing out is posted to
	Links   []BarLink
}

// BarLink leads to a part of the house.
type BarLink struct {
	Title   string
	URL     string
	Current bool
}
