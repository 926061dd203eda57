package needs

import "time"

// What may be asked for. The list follows what games have really been asked for
// (Hangzhou 2023: wheelchairs counted per carrier and 150 rented for one peak
// hour, commode chairs; Beijing 2022: refrigeration, service dogs; see
// docs/needs.md); lead times are defaults.

// Lead times: what has to be bought or rented, what has to be arranged, what is
// settled on the day.
const (
	week = 7 * 24 * time.Hour
	days = 3 * 24 * time.Hour
	day  = 24 * time.Hour
)

// Kinds are all kinds, area by area in the order of the form.
//
// The percent of more time follows the national rule for college entrance
// (残疾人参加普通高等学校招生全国统一考试管理规定, 2017): +50 % with a Braille
// paper, +30 % with large print or serious difficulty in writing.
var Kinds = []Kind{
	{Code: "wheelchair-own", Area: Mobility, Group: Transport, Audience: Servants, Counts: ByHour, Most: 2, Lead: week},
	{Code: "wheelchair-power", Area: Mobility, Group: Transport, Audience: Servants, Counts: ByHour, Most: 1, Lead: week},
	{Code: "wheelchair-loan", Area: Mobility, Group: Volunteers, Audience: Servants, Counts: ByHour, Most: 1, Lead: week},
	{Code: "lift-bus", Area: Mobility, Group: Transport, Audience: Servants, Counts: ByHour, Most: 9, Lead: week},
	{Code: "boarding-help", Area: Mobility, Group: Volunteers, Audience: Servants, Counts: ByHour, Most: 1, Lead: days},
	{Code: "ramp", Area: Mobility, Group: Venue, Audience: Servants, Most: 1, Lead: days},
	{Code: "charging", Area: Mobility, Group: Venue, Audience: Servants, Most: 2, Lead: days},

	{Code: "room-access", Area: Room, Group: Lodging, Audience: Servants, Counts: ByDay, Most: 1, Lead: week},
	{Code: "shower-chair", Area: Room, Group: Lodging, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "commode-chair", Area: Room, Group: Lodging, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "room-near", Area: Room, Group: Lodging, Audience: Servants, Most: 1, Lead: days},
	{Code: "room-carer", Area: Room, Group: Lodging, Audience: Servants, Counts: ByDay, Most: 2, Lead: days},
	{Code: "room-bell", Area: Room, Group: Lodging, Audience: Servants, Most: 1, Lead: days},

	{Code: "large-print", Area: Vision, Group: Papers, Audience: Servants, Most: 1, Lead: days},
	{Code: "braille", Area: Vision, Group: Papers, Audience: Servants, Most: 1, Lead: week},
	{Code: "walking-guide", Area: Vision, Group: Volunteers, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "guide-dog", Area: Vision, Group: Lodging, Audience: Servants, Most: 1, Lead: week},
	{Code: "tactile-path", Area: Vision, Group: Venue, Audience: Servants, Most: 1, Lead: week},
	{Code: "spoken-news", Area: Vision, Group: Venue, Audience: Servants, Most: 1, Lead: days},

	{Code: "sign-interpreter", Area: Hearing, Group: Volunteers, Audience: Servants, Counts: ByDay, Most: 1, Lead: week},
	{Code: "captions", Area: Hearing, Group: Venue, Audience: Servants, Most: 1, Lead: days},
	{Code: "room-flash", Area: Hearing, Group: Lodging, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "vibrating-call", Area: Hearing, Group: Venue, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "text-contact", Area: Hearing, Group: Desk, Audience: Servants, Most: 1, Lead: day},

	{Code: "guardian-contact", Area: Mind, Group: Desk, Audience: Servants, Most: 1, Lead: day},
	{Code: "quiet-room", Area: Mind, Group: Venue, Audience: Servants, Most: 1, Lead: days},
	{Code: "plain-words", Area: Mind, Group: Desk, Audience: Servants, Most: 1, Lead: day},
	{Code: "same-helper", Area: Mind, Group: Volunteers, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},

	{Code: "carer", Area: Care, Group: Volunteers, Audience: Servants, Counts: ByDay, Most: 2, Lead: days},
	{Code: "help-eating", Area: Care, Group: Catering, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "help-body", Area: Care, Group: Medical, Audience: Medics, Counts: ByDay, Most: 1, Lead: days},
	{Code: "help-night", Area: Care, Group: Medical, Audience: Medics, Counts: ByDay, Most: 1, Lead: days},

	{Code: "fridge", Area: Medicine, Group: Lodging, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "injection", Area: Medicine, Group: Medical, Audience: Medics, Most: 1, Lead: days},
	{Code: "own-medicine", Area: Medicine, Group: Medical, Audience: Medics, Most: 1, Lead: week},
	{Code: "seizures", Area: Medicine, Group: Medical, Audience: Medics, Most: 1, Lead: day},
	{Code: "cushion", Area: Medicine, Group: Medical, Audience: Medics, Counts: ByDay, Most: 1, Lead: days},
	{Code: "oxygen", Area: Medicine, Group: Medical, Audience: Medics, Counts: ByDay, Most: 1, Lead: days},

	{Code: "halal", Area: Food, Group: Catering, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "vegetarian", Area: Food, Group: Catering, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "soft-food", Area: Food, Group: Catering, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "no-sugar", Area: Food, Group: Catering, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "allergy", Area: Food, Group: Catering, Audience: Servants, Most: 1, Lead: days, Words: true},

	{Code: "paper-large", Area: Contest, Group: Papers, Audience: Servants, Most: 1, Lead: week, Extra: 30},
	{Code: "paper-braille", Area: Contest, Group: Papers, Audience: Servants, Most: 1, Lead: week, Extra: 50},
	{Code: "paper-electronic", Area: Contest, Group: Papers, Audience: Servants, Most: 1, Lead: week},
	{Code: "time-30", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: week, Extra: 30},
	{Code: "time-50", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: week, Extra: 50},
	{Code: "reader", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: days},
	{Code: "writer", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: days},
	{Code: "contest-signing", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: week},
	{Code: "start-light", Area: Contest, Group: Venue, Audience: Servants, Most: 1, Lead: days},
	{Code: "own-tools", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: days, Words: true},
	{Code: "bench", Area: Contest, Group: Venue, Audience: Servants, Most: 1, Lead: days},
	{Code: "left-hand", Area: Contest, Group: Venue, Audience: Servants, Most: 1, Lead: days},
	{Code: "rest-break", Area: Contest, Group: Judging, Audience: Servants, Most: 1, Lead: days},

	{Code: "warm-room", Area: Winter, Group: Venue, Audience: Servants, Most: 1, Lead: day},
	{Code: "heated-clothes", Area: Winter, Group: Volunteers, Audience: Servants, Counts: ByDay, Most: 1, Lead: days},
	{Code: "warm-charging", Area: Winter, Group: Venue, Audience: Servants, Most: 2, Lead: days},
	{Code: "anti-slip", Area: Winter, Group: Venue, Audience: Servants, Most: 1, Lead: day},
	{Code: "sledge", Area: Winter, Group: Transport, Audience: Servants, Counts: ByHour, Most: 1, Lead: days},

	{Code: "own-words", Area: Other, Group: Desk, Audience: Servants, Most: 1, Lead: days, Words: true},
}
