package needs

import (
	"slices"
	"testing"
)

// TestRead: what stands in the columns of sheets that delegations send.
func TestRead(t *testing.T) {
	for _, tt := range []struct {
		column, cell string
		want         []Said
	}{
		{"wheelchair", "自带手动轮椅", []Said{{"wheelchair-own", "自带手动轮椅"}}},
		{"wheelchair", "自带运动轮椅和生活轮椅各1台", []Said{{"wheelchair-own", "自带运动轮椅和生活轮椅各1台"}}},
		{"wheelchair", "自带电动轮椅(需充电)", []Said{{"wheelchair-power", "自带电动轮椅(需充电)"}}},
		{"wheelchair", "需借用轮椅1台", []Said{{"wheelchair-loan", "需借用轮椅1台"}}},
		{"wheelchair", "无", nil},
		{"food", "清真", []Said{{"halal", "清真"}}},
		{"food", "糖尿病餐", []Said{{"no-sugar", "糖尿病餐"}}},
		{"food", "花生过敏、忌海鲜", []Said{{"allergy", "花生过敏"}, {"allergy", "忌海鲜"}}},
		{"food", "低盐", []Said{{"own-words", "低盐"}}},
		{"need", "无台阶车辆接送;药品需冷藏", []Said{{"lift-bus", "无台阶车辆接送"}, {"fridge", "药品需冷藏"}}},
		{"need", "低位床、坐便椅", []Said{{"room-access", "低位床"}, {"commode-chair", "坐便椅"}}},
		{"need", "盲文菜单和房间指引", []Said{{"braille", "盲文菜单和房间指引"}}},
		{"need", "发令需灯光信号", []Said{{"start-light", "发令需灯光信号"}}},
		{"need", "只能短信联系", []Said{{"text-contact", "只能短信联系"}}},
		{"need", "导盲犬1只随行", []Said{{"guide-dog", "导盲犬1只随行"}}},
		{"need", "要一张高桌子", []Said{{"own-words", "要一张高桌子"}}},
		{"room", "陪护同住", []Said{{"room-carer", "陪护同住"}}},
		{"paper", "普通", nil},
		{"paper", "盲文", []Said{{"paper-braille", "盲文"}}},
		{"extra", "30%", []Said{{"time-30", "30%"}}},
		{"extra", "80%", []Said{{"own-words", "80%"}}}, // more than anybody may have is looked at by a person
		{"signing", "是", []Said{{"contest-signing", "是"}}},
		{"bench", "轮椅工位,桌下净高65厘米以上", []Said{{"bench", "轮椅工位,桌下净高65厘米以上"}}},
		{"bench", "左手工位", []Said{{"left-hand", "左手工位"}}},
		{"tools", "自带刻刀", []Said{{"own-tools", "自带刻刀"}}},
	} {
		if got := Read(tt.column, tt.cell); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: %v, want %v", tt.column, tt.cell, got, tt.want)
		}
	}
	for _, s := range signs {
		if _, ok := Find(s.kind); !ok || !slices.Contains(Columns, s.column) {
			t.Errorf("%+v means nothing", s)
		}
	}
}

func TestGather(t *testing.T) {
	got := Gather([]Said{{"allergy", "花生过敏"}, {"halal", "清真"}, {"allergy", "忌海鲜"}, {"halal", "清真"}})
	if want := []Said{{"allergy", "花生过敏；忌海鲜"}, {"halal", "清真"}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
