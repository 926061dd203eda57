package forms

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// BenchmarkReturned writes a file back in which nearly every row has something
// wrong: 1,500 rows, more than 3,000 notes.
func BenchmarkReturned(b *testing.B) {
	ed := edition(b, games, gamesEvents)
	l := workbook.List{Name: "名单", Title: "代表团：大庆"}
	for _, header := range []string{"姓名", "性别", "身份证号", "残疾证号", "类别", "等级", "项目", "级别", "小项", "联系电话"} {
		l.Columns = append(l.Columns, workbook.ListColumn{Header: header})
	}
	for i := range 1500 {
		id := idOf("19900512", 2*(i%400)+1)
		l.Rows = append(l.Rows, []string{fmt.Sprint("人", i), "女", id, id + "45", "肢体", "三级", "田径", "T46", "100米", "199"})
	}
	var file bytes.Buffer
	if err := workbook.Write(&file, l); err != nil {
		b.Fatal(err)
	}
	f := registration.File{Name: "大庆.xlsx", Data: file.Bytes()}
	im := registration.Read(ed, []registration.File{f}, today)
	b.ReportMetric(float64(len(im.Problems)), "notes")
	for b.Loop() {
		if err := Returned(io.Discard, f, im.Problems, words); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTemplate writes the form of a small edition.
func BenchmarkTemplate(b *testing.B) {
	ed := edition(b, games, gamesEvents)
	for b.Loop() {
		if err := Template(io.Discard, ed, "大庆", words); err != nil {
			b.Fatal(err)
		}
	}
}
