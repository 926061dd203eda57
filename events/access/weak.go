package access

// Passwords that would be guessed first. There is no list of leaked ones here:
// most of them are one or two of a few hundred words, walks over the keyboard,
// runs, years and repetitions, so what is counted is out of how many such
// pieces a password is made. That refuses far more than the 3,000 commonest
// (NIST SP 800-63B, 3.1.1.2) and asks for no kinds of characters.

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The bounds of a password, in characters.
const (
	ShortestPassword = 8
	LongestPassword  = 200
)

// leastPieces is how many pieces a password must have at least: a word and four
// digits that are no run are five.
const leastPieces = 5

// Weak says what is wrong with a new password, as the key of a problem; empty:
// nothing. about is what everybody knows of the account: login, name, games.
func Weak(password string, about ...string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case n < ShortestPassword:
		return "password-short"
	case n > LongestPassword:
		return "password-long"
	}
	p := []rune(strings.ToLower(password))
	var known []string
	for _, a := range about {
		for _, part := range append(strings.Fields(a), a) {
			if part = strings.ToLower(strings.TrimSpace(part)); utf8.RuneCountInString(part) >= 3 || part != "" && part[0] >= utf8.RuneSelf {
				known = append(known, part)
			}
		}
	}
	if pieces(p, known) < leastPieces && pieces(p, nil) >= leastPieces {
		return "password-about"
	}
	for _, form := range [][]rune{p, plain(p), evens(p)} {
		if pieces(form, nil) < leastPieces {
			return "password-common"
		}
	}
	return ""
}

// pieces counts out of how few words, runs and single characters a password can
// be made.
func pieces(p []rune, known []string) int {
	if unit := period(p); unit < len(p) {
		return 1 + pieces(p[:unit], known)
	}
	fewest := make([]int, len(p)+1) // for what begins at each place
	for at := len(p) - 1; at >= 0; at-- {
		rest := p[at:]
		fewest[at] = 1 + fewest[at+1]
		take := func(n int) { fewest[at] = min(fewest[at], 1+fewest[at+n]) }
		for n := run(rest); n >= 3; n-- {
			take(n)
		}
		for _, w := range [][]string{known, words} {
			eachWord(rest, w, take)
		}
		if n := year(rest); n > 0 {
			take(n)
		}
	}
	return fewest[0]
}

// period is the length of what p repeats; its own length where it does not.
func period(p []rune) int {
	for unit := 1; unit <= len(p)/2; unit++ {
		if len(p)%unit == 0 && slices.Equal(p[unit:], p[:len(p)-unit]) {
			return unit
		}
	}
	return len(p)
}

// eachWord takes the length of each of some words that p begins with.
func eachWord(p []rune, of []string, take func(n int)) {
	s := string(p)
	for _, w := range of {
		if strings.HasPrefix(s, w) {
			take(utf8.RuneCountInString(w))
		}
	}
}

// year is the length of a year, or of a day written without marks, at the
// beginning: 1990, 19900101.
func year(p []rune) int {
	if len(p) < 4 || p[0] != '1' && p[0] != '2' || p[1] != '9' && p[1] != '0' || !digit(p[2]) || !digit(p[3]) {
		return 0
	}
	if len(p) >= 8 && (p[4] == '0' || p[4] == '1') && digit(p[5]) && p[6] >= '0' && p[6] <= '3' && digit(p[7]) {
		return 8
	}
	return 4
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// walks are the rows, columns and orders that fingers and minds follow.
var walks = []string{
	"01234567890", "abcdefghijklmnopqrstuvwxyz", "`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "147258369", "14789632",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp", "q1w2e3r4t5y6u7i8o9p0", "qweasdzxc", "!qaz@wsx#edc$rfv", "24681357911", "11223344556677889900",
}

// run is the length of a walk in either direction, or of one character again
// and again, of at least three.
func run(p []rune) (n int) {
	for n < len(p) && p[n] == p[0] {
		n++
	}
	for _, w := range walks {
		for _, path := range [][]rune{[]rune(w), backwards(w)} {
			for from := range path {
				k := 0
				for k < len(p) && from+k < len(path) && p[k] == path[from+k] {
					k++
				}
				n = max(n, k)
			}
		}
	}
	if n < 3 {
		return 0
	}
	return n
}

func backwards(s string) []rune {
	r := []rune(s)
	slices.Reverse(r)
	return r
}

// plain takes back the signs that are put for letters: p@ssw0rd.
func plain(p []rune) []rune {
	letters := map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}
	out := slices.Clone(p)
	for i, r := range out {
		if l, ok := letters[r]; ok && i > 0 && i < len(p)-1 {
			out[i] = l
		}
	}
	return out
}

// evens lays what is woven apart: a1b2c3d4 is abcd1234.
func evens(p []rune) []rune {
	var even, odd []rune
	for i, r := range p {
		if i%2 == 0 {
			even = append(even, r)
		} else {
			odd = append(odd, r)
		}
	}
	return append(even, odd...)
}

// words are what passwords are made of here and elsewhere: the obvious ones,
// names, pinyin of surnames and places, what people love and do.
var words = strings.Fields(`
	password passwd passwort pass word admin administrator root user guest test demo login welcome hello secret master letmein access default system server
	computer internet windows office google apple baidu huawei xiaomi tencent weixin wechat taobao alibaba iphone samsung android
	love iloveyou loveyou lover forever baby honey angel sweet happy lucky sunny smile friend family mother father sister brother princess prince queen king
	monkey dragon tiger eagle lion bear wolf horse panda rabbit kitty puppy shadow killer hunter ranger soldier batman superman spider pokemon naruto star
	football basketball baseball soccer tennis hockey swimming running sport sports team game games player winner champion gold medal victory power strong
	summer winter spring autumn january february march april may june july august september october november december monday friday sunday
	michael jordan daniel thomas andrew robert charlie jennifer jessica michelle maria anna nicole ashley george harley
	money dollar freedom flower orange banana chocolate cookie cheese pepper ginger coffee silver diamond purple yellow green black white blue red
	qwerty qwertz azerty asdf zxcv qaz wsx edc abc xyz aaa zzz
	woaini aini woaiwo woshi nihao xiexie laopo laogong baobei baobao mama baba jiejie gege didi meimei pengyou tongxue laoshi xuesheng
	zhongguo china beijing shanghai tianjin chongqing haerbin harbin heilongjiang qiqihaer mudanjiang jiamusi daqing jixi hegang shuangyashan yichun qitaihe heihe suihua daxinganling
	guangzhou shenzhen nanjing wuhan chengdu xian jilin liaoning shenyang changchun dalian hunan hebei henan shandong
	wang zhang chen yang zhao huang zhou xu sun zhu lin guo gao luo zheng liang xie song tang feng deng cao peng zeng xiao tian dong pan yuan cai jiang
	jia ding wei ren yao lu cheng fu zhong lei jun ming hua fang hong ying yan ping bin hui long qiang gang lan mei jing tao bo fei xin
	longfei xiaoming xiaohong xiaolong tiantian kuaile xingfu facai jixiang ruyi gongxi shengri
	tongchang paralympic para olympic olympics asia judge referee delegation organiser organizer organisation competition arena canlian caipan daibiaotuan
	520 1314 521 5201314 888 666 168 518 110 119 120 007 123 321 000 111
`)
