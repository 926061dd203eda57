package games

import (
	"fmt"

	"tongchang/scoring"
)

// delegations are cities of Heilongjiang; the codes are ours.
var delegations = []struct{ code, name, english string }{
	{"HRB", "哈尔滨", "Harbin"}, {"QQH", "齐齐哈尔", "Qiqihar"}, {"MDJ", "牡丹江", "Mudanjiang"}, {"JMS", "佳木斯", "Jiamusi"},
	{"DQ", "大庆", "Daqing"}, {"JX", "鸡西", "Jixi"}, {"SYS", "双鸭山", "Shuangyashan"}, {"YC", "伊春", "Yichun"},
	{"QTH", "七台河", "Qitaihe"}, {"HG", "鹤岗", "Hegang"}, {"HH", "黑河", "Heihe"}, {"SH", "绥化", "Suihua"}, {"DXAL", "大兴安岭", "Daxing'anling"},
}

// Names to put together. The last ones of each list are rare characters, which
// every page and board has to show.
var (
	families = []string{"王", "李", "张", "刘", "赵", "孙", "周", "吴", "郑", "冯", "陈", "褚", "姜", "佟", "关", "那", "鄂", "敖", "孟", "葛", "尤",
		"毕", "曲", "丛", "于", "宫", "隋", "初", "欧阳", "爨", "亓", "䶮"}
	givenNames = map[string][]string{
		"W": {"桂荣", "丽华", "红梅", "晶晶", "春燕", "雪", "冬梅", "玉兰", "思雨", "凤琴", "海霞", "淑清", "欣怡", "莹", "晓彤", "赟", "堃"},
		"M": {"建国", "海波", "长青", "永强", "振华", "晓东", "春林", "凤山", "俊峰", "志远", "立军", "冰", "庆河", "浩然", "翀", "犇", "喆"},
	}
	longNames = [][2]string{{"阿拉坦·", "其木格"}, {"萨日娜·", "乌云"}, {"敖嫩·", "巴图"}, {"莫日根·", "阿古拉"}, {"图雅·", "娜仁托娅"}}
)

// contest is an event: who swims what, how many they are, and about what the
// best of the class swims at a provincial meet, in ms.
type contest struct {
	sex      string
	distance int
	stroke   string
	class    string
	size     int
	best     scoring.Mark
}

// contests in the order of the programme. More than eight swim heats.
var contests = []contest{
	{"W", 50, "FREE", "S5", 4, 43_500}, {"M", 50, "FREE", "S6", 6, 33_400}, {"M", 100, "FREE", "S9", 19, 60_800},
	{"W", 100, "BACK", "S10", 5, 78_300}, {"W", 100, "FREE", "S14", 14, 66_900}, {"M", 100, "BREAST", "SB8", 17, 82_700},
	{"M", 50, "BACK", "S5", 4, 41_900}, {"W", 50, "FREE", "S13", 3, 30_600}, {"M", 400, "FREE", "S11", 3, 318_000}, {"W", 200, "MEDLEY", "SM10", 6, 164_500},
	{"W", 100, "BREAST", "SB7", 5, 104_000}, {"M", 100, "FREE", "S7", 7, 67_200}, {"W", 100, "FREE", "S9", 18, 70_900},
	{"M", 100, "BACK", "S8", 6, 74_800}, {"M", 100, "FREE", "S14", 22, 57_600}, {"W", 50, "FLY", "S6", 4, 41_200}, {"W", 100, "BACK", "S11", 3, 83_900},
	{"M", 50, "FREE", "S13", 5, 26_100}, {"M", 100, "FLY", "S9", 6, 66_300}, {"W", 100, "BREAST", "SB9", 11, 86_400},
	{"M", 200, "MEDLEY", "SM10", 12, 143_900}, {"W", 50, "FREE", "S8", 7, 33_700}, {"W", 100, "FLY", "S14", 6, 74_400}, {"M", 50, "FLY", "S7", 5, 32_800},
	{"M", 100, "BREAST", "SB14", 15, 71_300}, {"W", 400, "FREE", "S9", 5, 303_000}, {"M", 100, "BACK", "S12", 3, 65_700}, {"W", 50, "BACK", "S5", 4, 49_300},
	{"M", 50, "FREE", "S10", 16, 25_600}, {"W", 200, "MEDLEY", "SM14", 10, 158_800},
}

// rules that a swimmer of a stroke may break (World Aquatics, part of swimming:
// the numbers of the sections for starts, strokes and turns).
var rules = map[string]string{"FREE": "SW 4.4", "BACK": "SW 6.4", "BREAST": "SW 7.6", "FLY": "SW 8.4", "MEDLEY": "SW 9.3"}

var (
	strokeChinese = map[string]string{"FREE": "自由泳", "BACK": "仰泳", "BREAST": "蛙泳", "FLY": "蝶泳", "MEDLEY": "混合泳"}
	strokeEnglish = map[string]string{"FREE": "freestyle", "BACK": "backstroke", "BREAST": "breaststroke", "FLY": "butterfly", "MEDLEY": "medley"}
)

func (c *contest) chinese() string {
	sex := map[string]string{"W": "女子", "M": "男子"}[c.sex]
	return fmt.Sprintf("%s %d 米%s %s", sex, c.distance, strokeChinese[c.stroke], c.class)
}

func (c *contest) english() string {
	sex := map[string]string{"W": "Women's", "M": "Men's"}[c.sex]
	return fmt.Sprintf("%s %d m %s %s", sex, c.distance, strokeEnglish[c.stroke], c.class)
}
