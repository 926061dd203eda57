// Package spoken says how a Chinese name is read out: in pinyin with tone marks,
// family name first, for an announcer who has the name in front of them. What
// is written in characters does not settle how it is said; where a name has a
// character of two usual readings the reading is doubtful, and only its owner
// can say.
package spoken

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Reading is how a name is said. Doubtful are its characters with two usual
// readings.
type Reading struct {
	Text     string // Tóng Hǎiyàn
	Doubtful string // 燕
}

// surnames are family names that are read otherwise than the character by itself.
var surnames = map[rune]string{
	'曾': "zēng", '单': "shàn", '仇': "qiú", '解': "xiè", '查': "zhā", '区': "ōu", '乐': "yuè", '缪': "miào", '翟': "zhái", '盖': "gě",
	'朴': "piáo", '任': "rén", '华': "huà", '葛': "gě", '燕': "yān", '召': "shào", '冼': "xiǎn", '种': "chóng", '员': "yùn", '覃': "qín",
	'卜': "bǔ", '那': "nā", '黑': "hè", '折': "shé", '盛': "shèng", '车': "chē", '逄': "páng", '於': "yū", '幺': "yāo", '么': "yāo",
	'费': "fèi", '哈': "hǎ", '阚': "kàn", '郗': "xī", '都': "dū", '过': "guō", '谌': "chén", '宿': "sù", '石': "shí", '柏': "bǎi",
	'贾': "jiǎ", '沈': "shěn", '尉': "wèi", '长': "cháng", '万': "wàn", '宁': "níng", '纪': "jì", '教': "jiào", '牟': "mù",
}

// doubles are family names of two characters.
var doubles = map[string]string{
	"欧阳": "ōu yáng", "司马": "sī mǎ", "上官": "shàng guān", "诸葛": "zhū gě", "尉迟": "yù chí", "万俟": "mò qí", "长孙": "zhǎng sūn", "令狐": "líng hú",
	"夏侯": "xià hóu", "东方": "dōng fāng", "皇甫": "huáng fǔ", "慕容": "mù róng", "司徒": "sī tú", "宇文": "yǔ wén", "端木": "duān mù", "公孙": "gōng sūn",
	"轩辕": "xuān yuán", "钟离": "zhōng lí", "呼延": "hū yán", "澹台": "tán tái", "淳于": "chún yú", "独孤": "dú gū", "南宫": "nán gōng", "申屠": "shēn tú",
	"西门": "xī mén", "赫连": "hè lián", "拓跋": "tuò bá", "濮阳": "pú yáng", "单于": "chán yú",
}

// given are characters that given names read otherwise than the dictionary's
// first reading.
var given = map[rune]string{
	'长': "cháng", '乐': "lè", '行': "xíng", '朝': "cháo", '华': "huá", '兴': "xīng", '娜': "nà", '茜': "qiàn", '晟': "shèng", '宁': "níng", '强': "qiáng",
	'少': "shào", '传': "chuán", '和': "hé", '中': "zhōng", '正': "zhèng", '重': "chóng", '殷': "yīn", '莘': "xīn", '予': "yǔ", '应': "yīng", '冠': "guān",
	'相': "xiāng", '为': "wéi", '盛': "shèng", '车': "chē", '燕': "yàn", '子': "zǐ", '都': "dū", '曾': "zēng", '媛': "yuán", '尧': "yáo", '柏': "bǎi",
}

// Characters that people themselves read in two ways: as a family name, and in
// a given name.
const (
	doubtedFamily = "乐覃盖葛纪缪翟尉牟隗召华员那柏燕宁朴"
	doubtedGiven  = "乐行朝兴娜茜晟少传重莘予应冠相媛柏盛"
)

// Name reads a name as it is written, family name first. What is not written in
// Chinese characters has no reading: it stands as it is said.
func Name(name string) Reading {
	name = strings.TrimSpace(name)
	var r Reading
	family := !strings.Contains(name, "·") // transliterated names have none in front
	for i, part := range strings.Split(name, "·") {
		text := whole(part, family)
		if text == "" {
			return Reading{}
		}
		if i > 0 {
			r.Text += "·"
		}
		r.Text += text
	}
	for i, c := range name {
		doubted := doubtedGiven
		if i == 0 && family {
			doubted = doubtedFamily
		}
		if strings.ContainsRune(doubted, c) && !strings.ContainsRune(r.Doubtful, c) {
			r.Doubtful += string(c)
		}
	}
	return r
}

// whole reads one part of a name; with a family name in front the given name
// follows apart.
func whole(part string, family bool) string {
	chars := []rune(part)
	if len(chars) == 0 || slices.ContainsFunc(chars, func(c rune) bool { return !unicode.Is(unicode.Han, c) }) {
		return ""
	}
	if !family || len(chars) == 1 || len(chars) > 4 {
		return join(readings(chars))
	}
	if double, ok := doubles[string(chars[:2])]; ok && len(chars) > 2 {
		return join(strings.Fields(double)) + " " + join(readings(chars[2:]))
	}
	first := surnames[chars[0]]
	if first == "" {
		first = one(chars[0])
	}
	return join([]string{first}) + " " + join(readings(chars[1:]))
}

func readings(chars []rune) []string {
	all := make([]string, len(chars))
	for i, c := range chars {
		if all[i] = given[c]; all[i] == "" {
			all[i] = one(c)
		}
	}
	return all
}

// one is the dictionary's reading of a character; a character that it does not
// have stands for itself.
func one(c rune) string {
	if r := pinyin.SinglePinyin(c, pinyin.Args{Style: pinyin.Tone, Fallback: func(c rune, _ pinyin.Args) []string { return []string{string(c)} }}); len(r) > 0 {
		return r[0]
	}
	return string(c)
}

// Readings are all ways in which a Chinese character is read, without tones and
// in the letters that people type (lv for lǜ), the usual one first. A character
// that the dictionary does not have has none.
func Readings(c rune) []string {
	return pinyin.SinglePinyin(c, pinyin.Args{Style: pinyin.Normal, Heteronym: true, Fallback: func(rune, pinyin.Args) []string { return nil }})
}

// join writes syllables as one word: Hǎiyàn, Xī'ān.
func join(syllables []string) string {
	var b strings.Builder
	for i, s := range syllables {
		first, size := utf8.DecodeRuneInString(s)
		switch {
		case i == 0:
			b.WriteRune(unicode.ToUpper(first))
			b.WriteString(s[size:])
			continue
		case strings.ContainsRune("aoeāáǎàōóǒòēéěè", first):
			b.WriteByte('\'')
		}
		b.WriteString(s)
	}
	return b.String()
}
