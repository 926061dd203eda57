package target

// Complete fills in what the sport usually has and checks the whole, for those
// who need the numbers before anything is shot: pads, boards, print.
func (r Rules) Complete() (Rules, error) { return r.complete() }
