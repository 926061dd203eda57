package web

// The pages that set a tablet up for a hall without internet: the certificate
// that it has to trust, and the codes by which it finds it.

// HallPage says how a device comes to trust this server: GET /hall, and whatever
// is asked for without TLS.
type HallPage struct {
	Page
	Fingerprint string
	Ends        string // the day until which the certificate holds
	Certificate string // its address
	Kinds       []HallKind
	House       string // where to go on once it is trusted
}

// HallKind is a kind of device with what to do on it, step by step.
type HallKind struct {
	ID    string
	Title string
	Steps []string
}

// HallCodesPage is the organiser's sheet: where tablets find [HallPage].
type HallCodesPage struct {
	Page
	Fingerprint string
	Codes       []HallCode
	Plain       bool // this server speaks no TLS of its own: there is nothing to set up
}

// HallCode is an address of this server as a code to scan.
type HallCode struct {
	URL  string
	Code QR
}

func (HallPage) template() string      { return "hall" }
func (HallCodesPage) template() string { return "hall-codes" }

func (HallPage) layout() string      { return "desk" }
func (HallCodesPage) layout() string { return "desk" }
