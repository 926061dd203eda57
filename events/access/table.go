package access

// The table itself: who may do what, to whose things. docs/access.md shows it
// to people; a test holds the two together.

// Act is what somebody wants to do.
type Act string

// The acts.
const (
	Own                Act = "own"                 // one's own account and sign-ins
	ManageAccounts     Act = "account.manage"      // invite, close, revoke
	ReadEdition        Act = "edition.read"        // rules, deadlines, events as set up
	SetEdition         Act = "edition.set"         // change them
	SetRegulation      Act = "regulation.set"      // medals, points
	ReadRegistration   Act = "registration.read"   // the people and entries of a delegation
	WriteRegistration  Act = "registration.write"  // enter and correct them
	DecideRegistration Act = "registration.decide" // accept, return, withdraw
	ExportRegistration Act = "registration.export" // take them out as a file
	LookSecret         Act = "secret.look"         // see an identity or telephone number, recorded
	LookMedical        Act = "medical.look"        // see a medical paper, recorded
	ReadNeed           Act = "need.read"           // support needs
	WriteNeed          Act = "need.write"          // state them, say whether they were met
	AnswerNeed         Act = "need.answer"         // accept, assign, deliver
	WriteMark          Act = "mark.write"          // judge's page, marks, lines
	Confirm            Act = "result.confirm"      // make official, take back
	WriteStart         Act = "start.write"         // start lists, draws, opening a unit
	SetTimetable       Act = "timetable.set"       // venues, sessions, when and where units are held
	DecideField        Act = "field.decide"        // merge, cancel small events
	ReadClass          Act = "class.read"          // the master list with its history, what a change would come to
	DecideClass        Act = "class.decide"        // apply a change of class, take it back
	SetPanel           Act = "panel.set"           // panels, their slots, whose case is whose
	ReadPanel          Act = "panel.read"          // panels with who comes when; a classifier those that they sit on
	WritePanel         Act = "panel.write"         // decide on a panel that one sits on, read its people's files
	ReadCall           Act = "call.read"           // the call room's lists, the announcer's page
	WriteCall          Act = "call.write"          // call, check in, close a call
	SayName            Act = "name.say"            // note how a name is said
	SetSeat            Act = "seat.set"            // seats, their cards, judges' PINs, devices
	ReadControl        Act = "control.read"        // the control room: devices, units, what judges gave
	ReadServer         Act = "server.read"         // how the server is doing
	ReadLog            Act = "log.read"            // who did what
)

// Scope is whose things an act reaches.
type Scope string

// The scopes.
const (
	Everything    Scope = "everything"
	OwnDelegation Scope = "own delegation"
	OwnDiscipline Scope = "own discipline" // all of them for who has none
)

// Table is the scope of every act for every role. What is not in it is refused.
var Table = map[Act]map[Role]Scope{
	Own: {Organiser: Everything, Delegation: Everything, Classifier: Everything, Medical: Everything, Chief: Everything,
		Judge: Everything, Announcer: Everything, Service: Everything},
	ManageAccounts:     {Organiser: Everything},
	ReadEdition:        {Organiser: Everything, Delegation: Everything, Classifier: Everything, Chief: Everything, Service: Everything},
	SetEdition:         {Organiser: Everything},
	SetRegulation:      {Organiser: Everything, Chief: OwnDiscipline},
	ReadRegistration:   {Organiser: Everything, Delegation: OwnDelegation},
	WriteRegistration:  {Organiser: Everything, Delegation: OwnDelegation},
	DecideRegistration: {Organiser: Everything},
	ExportRegistration: {Organiser: Everything, Delegation: OwnDelegation},
	LookSecret:         {Organiser: Everything, Delegation: OwnDelegation},
	LookMedical:        {Classifier: OwnDiscipline, Medical: Everything},
	ReadNeed:           {Organiser: Everything, Service: Everything, Medical: Everything, Delegation: OwnDelegation}, // Medical: of the kinds that are theirs
	WriteNeed:          {Organiser: Everything, Service: Everything, Delegation: OwnDelegation},
	AnswerNeed:         {Organiser: Everything, Service: Everything, Medical: Everything},
	WriteMark:          {Organiser: Everything, Chief: OwnDiscipline, Judge: OwnDiscipline},
	Confirm:            {Organiser: Everything, Chief: OwnDiscipline},
	WriteStart:         {Organiser: Everything, Chief: OwnDiscipline},
	SetTimetable:       {Organiser: Everything},
	DecideField:        {Organiser: Everything, Chief: OwnDiscipline},
	ReadClass:          {Organiser: Everything, Classifier: OwnDiscipline, Chief: OwnDiscipline},
	DecideClass:        {Organiser: Everything, Classifier: OwnDiscipline},
	SetPanel:           {Organiser: Everything},
	ReadPanel:          {Organiser: Everything, Classifier: OwnDiscipline},
	WritePanel:         {Classifier: OwnDiscipline},
	ReadCall:           {Organiser: Everything, Chief: OwnDiscipline, Judge: OwnDiscipline, Announcer: Everything},
	WriteCall:          {Organiser: Everything, Chief: OwnDiscipline, Judge: OwnDiscipline},
	SayName:            {Organiser: Everything, Delegation: OwnDelegation, Announcer: Everything},
	SetSeat:            {Organiser: Everything, Chief: OwnDiscipline},
	ReadControl:        {Organiser: Everything, Chief: OwnDiscipline},
	ReadServer:         {Organiser: Everything},
	ReadLog:            {Organiser: Everything},
}

// InDisciplines reports whether a role can be held in one discipline.
func InDisciplines(r Role) bool { return r == Classifier || r == Chief || r == Judge }
