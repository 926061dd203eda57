package events

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

const sheetHeader = "姓名,性别,身份证号,残疾证,残疾类别,大项,级别,小项,最好成绩,电话,需求"

// line is a row of a delegation's sheet.
func line(name string, sequence int, choice, mark string) string {
	id := citizen(sequence)
	return fmt.Sprintf("%s,男,%s,%s42,肢体,田径,T46/F46,%s,%s,19900000001,轮椅房", name, id, id, choice, mark)
}

func book(lines ...string) []byte {
	return []byte("代表团:大庆\n" + sheetHeader + "\n" + strings.Join(lines, "\n") + "\n")
}

// send uploads a file of 大庆.
func (g *smallGames) send(who access.Who, data []byte) *Upload {
	g.t.Helper()
	u, err := g.Upload(g.t.Context(), who, "games", who.Delegation, "大庆.csv", data)
	if err != nil {
		g.t.Fatal(err)
	}
	return u
}

func (g *smallGames) proposal(who access.Who, upload string) *Proposal {
	g.t.Helper()
	p, err := g.Proposal(g.t.Context(), who, "games", upload)
	if err != nil {
		g.t.Fatal(err)
	}
	return p
}

func (g *smallGames) apply(who access.Who, a ApplyUpload) Applied {
	g.t.Helper()
	n, err := g.ApplyUpload(g.t.Context(), by(who, ""), who, a)
	if err != nil {
		g.t.Fatal(err)
	}
	return n
}

// counts are what entering a file came to, without the number in the log.
func counts(a Applied) Applied {
	a.Seq, a.Repeated = 0, false
	return a
}

// TestUploadRoad: a file is judged, put right on the page and in its mapping,
// entered in part and then whole; a newer file shows what it changes.
func TestUploadRoad(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		who := g.manager("大庆")
		data := book(line("张伟", 1, "100米", "12.35"), line("李强", 2, "铅球", ""), line("王五", 3, "跳远", "5.62米"))
		u := g.send(who, data)
		if u.State != UploadJudged || u.Rows != 3 || u.Clean != 2 || u.Errors != 1 || u.Warnings != 0 {
			t.Fatalf("judged: %+v", u)
		}
		p := g.proposal(who, u.ID)
		if p.New != 3 || p.Refused != 1 || len(p.Problems) != 1 || p.Problems[0].At.Address != "H4" || !slices.Equal(p.Rows[1].Problems, []int{0}) || p.Rows[1].Row != 4 {
			t.Fatalf("proposal: %+v", p)
		}
		if text := fmt.Sprintf("%+v", p); strings.Contains(text, "19900512") || strings.Contains(text, "19900000001") || strings.Contains(text, "轮椅房") {
			t.Errorf("what is sealed leaves in full: %s", text)
		}
		c := by(who, "")
		first, err := g.ApplyUpload(ctx, c, who, ApplyUpload{Upload: u.ID, CleanOnly: true})
		if err != nil || counts(first) != (Applied{New: 2, Refused: 1}) || first.Seq == 0 {
			t.Fatalf("entered in part: %+v, %v", first, err)
		}
		if err := g.FixUpload(ctx, who, "games", u.ID, "", "h4", "400m"); err != nil {
			t.Fatal(err)
		}
		if again, err := g.ApplyUpload(ctx, c, who, ApplyUpload{Upload: u.ID, CleanOnly: true}); err != nil || !again.Repeated || again.Seq != first.Seq || counts(again) != counts(first) {
			t.Errorf("the same command again: %+v, %v", again, err)
		}
		if p := g.proposal(who, u.ID); p.Same != 2 || p.New != 1 || p.Refused != 0 || len(p.Fixes) != 1 || p.Upload.State != UploadJudged {
			t.Errorf("put right: %+v", p)
		}
		if n := g.apply(who, ApplyUpload{Upload: u.ID, Submit: true}); counts(n) != (Applied{New: 1, Same: 2}) {
			t.Errorf("entered whole: %+v", n)
		}
		if f, err := g.UploadFile(ctx, who, "games", u.ID); err != nil || f.Name != "大庆.csv" || string(f.Data) != string(data) || len(f.Fixes) != 1 || f.Delegation != "大庆" {
			t.Errorf("the file given back: %s %+v, %v", f.Name, f.Fixes, err)
		}
		g.newer(who)
		g.whole()
	})
}

// newer sends a second file: one row as it was, one changed, one new, one gone,
// one accepted and one withdrawn in the meantime.
func (g *smallGames) newer(who access.Who) {
	g.t.Helper()
	all, err := g.Registrations(g.t.Context(), who, "games", RegistrationFilter{})
	if err != nil || len(all) != 3 || all[1].State != registration.Submitted && all[2].State != registration.Submitted {
		g.t.Fatalf("%+v, %v", all, err)
	}
	of := map[string]int64{}
	for _, v := range all {
		of[v.Name] = v.ID
	}
	more := g.send(who, book(line("赵六", 4, "跳远", ""), line("孙七", 5, "100米", ""), line("周八", 6, "400米", "")))
	g.apply(who, ApplyUpload{Upload: more.ID, Submit: true})
	all, err = g.Registrations(g.t.Context(), who, "games", RegistrationFilter{})
	if err != nil {
		g.t.Fatal(err)
	}
	for _, v := range all {
		of[v.Name] = v.ID
	}
	g.must(g.move(organiser, registration.Accepted, "", of["赵六"]))
	g.must(g.move(who, registration.Withdrawn, "不来了", of["孙七"]))
	u := g.send(who, book(line("张伟", 1, "100米", "12.35"), line("王五", 3, "跳远", "5.70米"), line("新人", 7, "100米", ""),
		line("赵六", 4, "400米", ""), line("孙七", 5, "100米", ""), line("周八", 6, "400米", "")))
	p := g.proposal(who, u.ID)
	var diffs []string
	for _, row := range p.Rows {
		diffs = append(diffs, row.Name+" "+string(row.Diff))
	}
	if got, want := strings.Join(diffs, ", "), "张伟 same, 王五 changed, 新人 new, 赵六 left, 孙七 left, 周八 same"; got != want {
		g.t.Errorf("differences: %s, want %s", got, want)
	}
	if !slices.Equal(p.Rows[1].Changes, []FieldChange{{entry.Mark, "5.62米", "5.70米"}}) || len(p.Gone) != 1 || p.Gone[0].Name != "李强" {
		g.t.Errorf("changes %+v, gone %+v", p.Rows[1].Changes, p.Gone)
	}
	if n := g.apply(who, ApplyUpload{Upload: u.ID}); counts(n) != (Applied{New: 1, Changed: 1, Same: 2, Left: 2, Gone: 1}) {
		g.t.Errorf("entered: %+v", n)
	}
	if n := g.apply(who, ApplyUpload{Upload: u.ID}); !n.Nothing() || n.Seq != 0 || n.Same != 4 {
		g.t.Errorf("entered again: %+v", n)
	}
	g.takenBack(who)
	if v := g.get(of["赵六"]); v.Choices[0].Name != "跳远" {
		g.t.Errorf("a file changed what is accepted: %+v", v)
	}
}

// takenBack undoes a file that only added people, and enters it again: the same
// registrations come back. One that changed rows is not undone.
func (g *smallGames) takenBack(who access.Who) {
	g.t.Helper()
	ctx := g.t.Context()
	data := book(line("甲", 11, "400米", ""), line("乙", 12, "跳远", ""))
	u := g.send(who, data)
	first := g.apply(who, ApplyUpload{Upload: u.ID, Submit: true})
	rec := g.must(g.UndoMove(ctx, by(who, ""), who, UndoMove{Seq: first.Seq}))
	for _, m := range outcomeOf[Moved](g.t, rec).Registrations {
		if v := g.get(m.ID); v.State != registration.Withdrawn || v.Reason != "" {
			g.t.Errorf("after the undo: %+v", v)
		}
	}
	if p := g.proposal(who, u.ID); p.New != 2 || p.Rows[0].Registration == 0 {
		g.t.Errorf("sent again: %+v", p)
	}
	g.apply(who, ApplyUpload{Upload: u.ID})
	for _, m := range outcomeOf[Moved](g.t, rec).Registrations {
		if v := g.get(m.ID); v.State != registration.Draft {
			g.t.Errorf("entered again: %+v", v)
		}
	}
	changing := g.send(who, book(line("甲", 11, "跳远", "")))
	n := g.apply(who, ApplyUpload{Upload: changing.ID})
	if _, err := g.UndoMove(ctx, by(who, ""), who, UndoMove{Seq: n.Seq}); !refusedWith(err, StatusClosed, "upload-changed") {
		g.t.Errorf("a file that changed rows is undone: %v", err)
	}
}

// TestUploadSurvives: what was sent, put right and said of headers is there when
// another process opens the database.
func TestUploadSurvives(t *testing.T) {
	dsn, keys := ledgertest.New(t, "sqlite"), withTestKeys(t)
	g := newSmallGames(t, dsn, keys)
	who := g.manager("大庆")
	odd := strings.Replace(string(book(line("张伟", 1, "铅球", ""))), "级别", "备用一", 1)
	u := g.send(who, []byte(odd))
	if u.Errors != 1 || u.Warnings != 1 {
		t.Fatalf("judged: %+v, %v", u, g.proposal(who, u.ID).Problems)
	}
	if err := g.FixUpload(t.Context(), who, "games", u.ID, "", "H3", "100米"); err != nil {
		t.Fatal(err)
	}
	if err := g.MapUpload(t.Context(), who, "games", u.ID, map[string]workbook.Field{"备用一": workbook.Class}); err != nil {
		t.Fatal(err)
	}
	if all, err := g.Uploads(t.Context(), who, "games", who.Delegation); err != nil || len(all) != 1 || all[0].State != UploadReading {
		t.Errorf("before it is judged anew: %+v, %v", all, err)
	}
	other := open(t, dsn, keys, WithClock(func() time.Time { return april }))
	p, err := other.Proposal(t.Context(), who, "games", u.ID)
	if err != nil || len(p.Problems) != 0 || p.Upload.State != UploadJudged || p.Tables[0].Columns[6].Field != workbook.Class || p.Tables[0].Columns[2].Sample == citizen(1) {
		t.Errorf("in another process: %+v, %v", p, err)
	}
	if next := g.send(who, []byte(odd)); next.Warnings != 0 {
		t.Errorf("the next file does not know the header: %+v", next)
	}
	if err := g.DropUpload(t.Context(), who, "games", u.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Proposal(t.Context(), who, "games", u.ID); !refusedWith(err, StatusNotFound, "no-such-upload") {
		t.Errorf("a file thrown away: %v", err)
	}
}

// TestUploadRefused: files that cannot be read are told of and not kept; another
// delegation's list is not taken; cells that no file has are not put right.
func TestUploadRefused(t *testing.T) {
	ctx := t.Context()
	g := newSmallGames(t, ledgertest.New(t, "sqlite"))
	who := g.manager("大庆")
	for name, tt := range map[string]struct {
		file    string
		data    string
		problem string
		kept    bool
	}{
		"a web page":         {"大庆.xls", "<html>", "book-html", false},
		"no list":            {"大庆.csv", "填表说明\n1、用文本格式\n", "book-no-table", true},
		"another's list":     {"x.csv", "代表团:大庆油田\n" + sheetHeader + "\n" + line("甲", 1, "100米", "") + "\n", "book-of-another", true},
		"a name with a path": {`..\..\大庆` + "\u202e" + `.csv`, "说明\n", "book-no-table", true},
	} {
		u, err := g.Upload(ctx, who, "games", who.Delegation, tt.file, []byte(tt.data))
		if err != nil || u.State != UploadFailed || u.Unread == nil || u.Unread.Problem != tt.problem || strings.ContainsAny(u.Name, `/\`+"\u202e") {
			t.Errorf("%s: %+v, %v", name, u, err)
			continue
		}
		if _, err := g.UploadFile(ctx, who, "games", u.ID); (err == nil) != tt.kept {
			t.Errorf("%s: given back: %v", name, err)
		}
		if _, err := g.ApplyUpload(ctx, by(who, ""), who, ApplyUpload{Upload: u.ID}); err == nil {
			t.Errorf("%s: entered", name)
		}
	}
	u := g.send(who, book(line("甲", 1, "100米", "")))
	for _, address := range []string{"", "H0", "8", "ZZZ3", "H99999999", "甲1", "H3;DROP"} {
		if err := g.FixUpload(ctx, who, "games", u.ID, "", address, "x"); !errorsIsInvalid(err) {
			t.Errorf("cell %q: %v", address, err)
		}
	}
	if err := g.FixUpload(ctx, who, "games", u.ID, "", "H3", strings.Repeat("长", 401)); !errorsIsInvalid(err) {
		t.Errorf("a long text: %v", err)
	}
}

func errorsIsInvalid(err error) bool {
	return refusedWith(err, StatusInvalid, "field-wrong") || refusedWith(err, StatusInvalid, "field-max")
}

// TestPapers: who has no insurance is not handed in, neither by a file nor on a
// page; a paper of one sport is a paper in the other.
func TestPapers(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		rules := strings.Replace(entryRules, "{", `{"papers": [{"kind": "insurance", "name": "保险", "for": "athletes", "must": true}], `, 1)
		if _, err := g.SetEdition(ctx, command("games"), edition(rules, entryEvents)); err != nil {
			t.Fatal(err)
		}
		who := g.manager("大庆")
		u := g.send(who, book(line("张伟", 1, "100米", "")))
		g.apply(who, ApplyUpload{Upload: u.ID, CleanOnly: true, Submit: true})
		swims := typed("张伟", 1, "50米自由泳")
		swims.Fields[entry.InSport], swims.Fields[entry.Class] = "游泳", "S8"
		g.save(who, "大庆", swims)
		all, err := g.Registrations(ctx, who, "games", RegistrationFilter{})
		if err != nil || len(all) != 2 || all[0].State != registration.Draft || kindsOf(&all[0]) != "paper_missing" || kindsOf(&all[1]) != "paper_missing" {
			t.Fatalf("without insurance: %+v, %v", all, err)
		}
		if _, err := g.move(who, registration.Submitted, "", all[0].ID); !refusedWith(err, StatusInvalid, "registrations-wrong") {
			t.Errorf("handed in without insurance: %v", err)
		}
		_, err = g.w.ExecContext(ctx, "INSERT INTO papers (competition_id, delegation_id, registration_id, kind, media, size, expires, at, by, seq) VALUES (?, ?, ?, 'insurance', 'application/pdf', 1, '2027-12-31', '2027-04-01', 'x', 1)",
			g.comp.ID, who.Delegation, all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		g.must(g.move(who, registration.Submitted, "", all[0].ID, all[1].ID))
	})
}

// TestTogetherApplied: two delegations enter the same person at once; both files
// are judged by what the other has entered, so one of the two is an error.
func TestTogetherApplied(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		done := make(chan error, 2)
		for _, name := range []string{"大庆", "哈尔滨"} {
			who := g.manager(name)
			u, err := g.Upload(ctx, who, "games", who.Delegation, "x.csv", []byte(sheetHeader+"\n"+line("张伟", 1, "100米", "")+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				_, err := g.ApplyUpload(ctx, by(who, ""), who, ApplyUpload{Upload: u.ID, CleanOnly: true})
				done <- err
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if all, err := g.Registrations(ctx, organiser, "games", RegistrationFilter{}); err != nil || len(all) != 1 {
			t.Errorf("%d registrations of one person, %v", len(all), err)
		}
		g.whole()
	})
}

// crowd is a file of many rows, of people from a number on.
func crowd(n, from int) []byte {
	lines := make([]string, n)
	for j := range lines {
		i := from + j
		lines[j] = fmt.Sprintf("%s,男,%s,%s42,肢体,田径,T46/F46,%s,12.35,1990000%04d,", fmt.Sprint("选手", i), manyCitizen(i), manyCitizen(i), []string{"100米", "400米", "跳远"}[i%3], i%10000)
	}
	return book(lines...)
}

// manyCitizen makes right numbers of men, 400 of each day.
func manyCitizen(i int) string {
	s := "230699" + time.Date(1980, 1, 1+i/400, 0, 0, 0, 0, time.UTC).Format("20060102") + fmt.Sprintf("%03d", 2*(i%400)+1)
	return s + string(identity.CheckDigit(s))
}

// wideGames is the small games with room for everybody.
func wideGames(t testing.TB, dsn string, opts ...Option) *smallGames {
	t.Helper()
	g := newSmallGames(t, dsn, opts...)
	wide := strings.ReplaceAll(entryEvents, "individual,2,", "individual,9999,")
	if _, err := g.SetEdition(t.Context(), command("games"), edition(entryRules, wide)); err != nil {
		t.Fatal(err)
	}
	return g
}

// measured sends and enters a file of n rows, and says how long each took and
// how much memory, in MB, the process has from the system afterwards.
func (g *smallGames) measured(n int) (dry, apply time.Duration, memory uint64) {
	g.t.Helper()
	who := g.manager("大庆")
	data := crowd(n, 0)
	start := time.Now()
	u := g.send(who, data)
	dry = time.Since(start)
	if u.Clean != n {
		g.t.Fatalf("%+v", u)
	}
	start = time.Now()
	if a := g.apply(who, ApplyUpload{Upload: u.ID, Submit: true}); a.New != n {
		g.t.Fatalf("%+v", a)
	}
	apply = time.Since(start)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return dry, apply, (m.Sys - m.HeapReleased) >> 20
}

// TestGamesAtOnce enters 1,330 people with one file and accepts them with one
// command. The aims, 3 s and 200 MB on two cores, are printed, not asserted: what
// is asserted is that everybody is there.
func TestGamesAtOnce(t *testing.T) {
	g := wideGames(t, ledgertest.New(t, "sqlite"))
	dry, apply, memory := g.measured(1330)
	var ids []int64
	saw := map[int64]int64{}
	start := time.Now()
	all, err := g.Registrations(t.Context(), organiser, "games", RegistrationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	list := time.Since(start)
	for _, v := range all {
		ids, saw[v.ID] = append(ids, v.ID), v.Revision
	}
	start = time.Now()
	rec := g.must(g.MoveRegistrations(t.Context(), by(organiser, ""), organiser, MoveRegistrations{IDs: ids, To: registration.Accepted, Saw: saw}))
	accept := time.Since(start)
	start = time.Now()
	g.must(g.UndoMove(t.Context(), by(organiser, ""), organiser, UndoMove{Seq: rec.Seq}))
	undo := time.Since(start)
	t.Logf("1330 rows: dry run %d ms, entered in %d ms, listed in %d ms, accepted in %d ms, undone in %d ms; the process has %d MB",
		dry.Milliseconds(), apply.Milliseconds(), list.Milliseconds(), accept.Milliseconds(), undo.Milliseconds(), memory)
	var n int
	if n, err = countOf(t, g.Store, "participants"); err != nil || n != 1330 {
		t.Errorf("%d participants, %v", n, err)
	}
	g.whole()
}

func countOf(t *testing.T, s *Store, table string) (n int, err error) {
	t.Helper()
	err = s.r.NewSelect().Table(table).ColumnExpr("count(*)").Scan(t.Context(), &n)
	return n, err
}

// BenchmarkUpload sends and enters files of a games and of five thousand people.
func BenchmarkUpload(b *testing.B) {
	for _, kind := range ledgertest.Databases {
		for _, n := range []int{1330, 5000} {
			b.Run(fmt.Sprint(kind, "/", n), func(b *testing.B) {
				for b.Loop() {
					dry, apply, memory := wideGames(b, ledgertest.New(b, kind)).measured(n)
					b.ReportMetric(float64(dry.Milliseconds()), "dry-ms")
					b.ReportMetric(float64(apply.Milliseconds()), "apply-ms")
					b.ReportMetric(float64(memory), "MB")
				}
			})
		}
	}
}
