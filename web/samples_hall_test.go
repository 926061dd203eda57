package web

import "time"

// The pages that set a tablet up.

const sampleFingerprint = "3F0A 91C2 77E4 05BD 1A6C 8842 D0F3 5B19 6E2D AC04 93F7 48B1 0C5E 7D26 F8A9 4410"

func hallSamples(t *Translator) []sample {
	set := HallPage{Page: Page{Choice: Choice{Lang: t.Lang}, Title: t.T("hall.title"), Path: "/hall"}, Fingerprint: sampleFingerprint,
		Ends: time.Date(2030, 6, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Certificate: certificatePath, Kinds: t.hallKinds(), House: "https://192.168.8.20:8080/"}
	codes := HallCodesPage{Page: signedIn(t, t.T("hall.codes"), "/c/hlj9/desk/hall", "organiser"), Fingerprint: sampleFingerprint}
	for _, url := range []string{"http://192.168.8.20:8080", "http://desk-1.local:8080"} {
		code, err := codeOf(url)
		if err != nil {
			panic(err)
		}
		codes.Codes = append(codes.Codes, HallCode{URL: url, Code: code})
	}
	plain := HallCodesPage{Page: signedIn(t, t.T("hall.codes"), "/c/hlj9/desk/hall-plain", "organiser"), Plain: true}
	return []sample{{"hall", set.Path, set}, {"hall-codes", codes.Path, codes}, {"hall-codes-plain", plain.Path, plain}}
}
