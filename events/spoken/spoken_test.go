package spoken

import "testing"

func TestName(t *testing.T) {
	for name, want := range map[string]Reading{
		"佟海燕":                     {"Tóng Hǎiyàn", ""},
		"崔立新":                     {"Cuī Lìxīn", ""},
		"曾志强":                     {"Zēng Zhìqiáng", ""},
		"解文":                      {"Xiè Wén", ""},
		"仇力":                      {"Qiú Lì", ""},
		"燕春华":                     {"Yān Chūnhuá", "燕"},
		"王兴华":                     {"Wáng Xīnghuá", "兴"},
		"欧阳明":                     {"Ōuyáng Míng", ""},
		"尉迟恭":                     {"Yùchí Gōng", "尉"},
		"欧阳":                      {"Ōu Yáng", ""}, // a family name of one character and a given name
		"单安":                      {"Shàn Ān", ""},
		"李西安":                     {"Lǐ Xī'ān", ""},
		"刘长乐":                     {"Liú Chánglè", "乐"},
		"石志媛":                     {"Shí Zhìyuán", "媛"},
		"敖嫩·巴图":                   {"Áonèn·Bātú", ""},
		"𠮷冈春兰":                    {"𠮷 Gāngchūnlán", ""}, // no dictionary has the character: it is shown
		"Bob Hansen":              {},
		"McAllister-Tremblay Ève": {},
		"№ 2043":                  {},
		"佟 Bob":                   {},
		"":                        {},
	} {
		if got := Name(name); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
