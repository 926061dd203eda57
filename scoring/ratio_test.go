package scoring_test

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func TestRatioRound(t *testing.T) {
	for _, tt := range []struct {
		number   string
		decimals int
		mode     scoring.Rounding
		want     string
	}{
		{"0.125", 2, scoring.HalfUp, "0.13"},
		{"-0.125", 2, scoring.HalfUp, "−0.13"},
		{"0.125", 2, scoring.HalfEven, "0.12"},
		{"0.135", 2, scoring.HalfEven, "0.14"},
		{"0.139", 2, scoring.Down, "0.13"},
		{"-0.139", 2, scoring.Down, "−0.13"},
		{"0.131", 2, scoring.Up, "0.14"},
		{"0.13", 2, scoring.Up, "0.13"},
		{"22/3", 2, scoring.HalfUp, "7.33"},
		{"20/3", 0, scoring.HalfUp, "7"},
		{"-0.001", 2, scoring.HalfUp, "0.00"},
		{"9", 1, scoring.HalfUp, "9.0"},
	} {
		r, err := scoring.ParseRatio(tt.number)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Decimal(tt.decimals, tt.mode); got != tt.want {
			t.Errorf("%s to %d decimals %s = %s, want %s", tt.number, tt.decimals, tt.mode, got, tt.want)
		}
	}
}

func TestParseRatioRefuses(t *testing.T) {
	for _, text := range []string{"", "-", ".5", "5.", "1e9", "1e999999999", "NaN", "+1", "1/0", "1/00", "1/-2", "0x10", "1_0", "１",
		"11111111111111111111111111111111111111111"} {
		if r, err := scoring.ParseRatio(text); err == nil {
			t.Errorf("ParseRatio(%q) = %v, want an error", text, r)
		}
	}
}

func TestRatioJSON(t *testing.T) {
	var got []scoring.Ratio
	if err := json.Unmarshal([]byte(`[9, 0.35, "22/3", -2, "4.50"]`), &got); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(append(got, scoring.Ratio{}))
	if want := `[9,0.35,"22/3",-2,4.5,0]`; err != nil || string(out) != want {
		t.Errorf("written back as %s, %v; want %s", out, err, want)
	}
}

func TestRatioArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Custom(func(t *rapid.T) scoring.Ratio {
			if rapid.Bool().Draw(t, "small") {
				return scoring.NewRatio(rapid.Int64Range(-1e9, 1e9).Draw(t, "num"), rapid.Int64Range(1, 1e6).Draw(t, "den"))
			}
			return scoring.NewRatio(rapid.Int64().Draw(t, "num"), rapid.Int64Range(1, math.MaxInt64).Draw(t, "den"))
		})
		a, b, n := number.Draw(t, "a"), number.Draw(t, "b"), rapid.IntRange(1, 99).Draw(t, "n")
		sum := new(big.Rat).Add(rat(a), rat(b))
		product := new(big.Rat).Mul(rat(a), rat(b))
		if rat(a.Add(b)).Cmp(sum) != 0 || rat(a.Mul(b)).Cmp(product) != 0 || a.Cmp(b) != rat(a).Cmp(rat(b)) {
			t.Errorf("%v and %v: sum %v, product %v, order %d", a, b, a.Add(b), a.Mul(b), a.Cmp(b))
		}
		if back := a.Add(b).Sub(b); back.Cmp(a) != 0 || back.Sign() != rat(a).Sign() {
			t.Errorf("%v + %v − %v is %v", a, b, b, back)
		}
		if a.Over(n).Mul(scoring.Whole(int64(n))).Cmp(a) != 0 {
			t.Errorf("%v ÷ %d × %d is not %v", a, n, n, a)
		}
		decimals := rapid.IntRange(0, 9).Draw(t, "decimals")
		if got, want := a.Decimal(decimals, scoring.HalfUp), rat(a).FloatString(decimals); strings.TrimLeft(got, "−") != strings.TrimLeft(want, "-") {
			t.Errorf("%v to %d decimals is %s, want %s", a, decimals, got, want)
		}
		raw, err := a.MarshalJSON()
		var back scoring.Ratio
		if err != nil || back.UnmarshalJSON(raw) != nil || back.Cmp(a) != 0 {
			t.Errorf("%v becomes %v by way of %s", a, back, raw)
		}
	})
}

// rat reads a Ratio by its JSON, as an independent witness of the arithmetic.
func rat(r scoring.Ratio) *big.Rat {
	raw, err := r.MarshalJSON()
	if err != nil {
		panic(err)
	}
	n, ok := new(big.Rat).SetString(strings.Trim(string(raw), `"`))
	if !ok {
		panic(string(raw))
	}
	return n
}
