package web

// BoardLightsPage is a hall screen of the decision lights: GET /c/{competition}/board/lights/{unit}.
type BoardLightsPage struct {
	Page
	Over    string
	Heading string
	State   LightsState
}

func (BoardLightsPage) template() string { return "board-lights" }
func (BoardLightsPage) layout() string   { return "board" }

// LightsState is a frame of lights/{unit}: the attempt that was judged last.
// Nothing of the lights is in it before every referee has decided.
type LightsState struct {
	Title      string  `json:"title"`
	Status     string  `json:"status"`
	StatusText string  `json:"status_text"`
	Key        string  `json:"key,omitempty"` // start and attempt; empty: nobody has lifted yet
	Name       string  `json:"name,omitempty"`
	Delegation string  `json:"delegation,omitempty"`
	Class      string  `json:"class,omitempty"`
	Attempt    string  `json:"attempt,omitempty"` // 第 2 次试举
	Weight     string  `json:"weight,omitempty"`  // 118.5, kg
	Lights     []Light `json:"lights"`            // by referee
	Verdict    string  `json:"verdict"`           // 2 比 1，试举成功; or what is waited for
	Good       bool    `json:"good,omitempty"`
	Bad        bool    `json:"bad,omitempty"`
	Sentence   string  `json:"sentence,omitempty"`
	Updated    string  `json:"updated"`
}

// Light is a referee's light; neither white nor red while it is dark.
type Light struct {
	Referee string `json:"referee"` // 1
	Who     string `json:"who"`     // 1 号裁判：
	Word    string `json:"word"`    // 成功
	White   bool   `json:"white,omitempty"`
	Red     bool   `json:"red,omitempty"`
}
