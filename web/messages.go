package web

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Everything a person reads is in the catalogues, one folder for each language
// with a file for each part of the house. Another language is another folder
// and a line in Languages.

//go:embed messages/*/*.toml
var catalogues embed.FS

// The languages spoken, the first being the one spoken to whoever has not
// chosen.
const (
	Chinese = "zh-CN"
	English = "en"
)

// Languages lists them in the order in which they are offered.
var Languages = []string{Chinese, English}

// Catalogue holds the messages of every language.
type Catalogue struct {
	translators map[string]*Translator
}

// Translator speaks one language. It is safe for use by many goroutines.
type Translator struct {
	Lang      string
	localizer *i18n.Localizer
}

// ReadCatalogue gives the messages built into the binary. They are read once:
// the pages, the feed and the command line speak out of the same book.
func ReadCatalogue() (*Catalogue, error) { return catalogue() }

var catalogue = sync.OnceValues(readCatalogue)

func readCatalogue() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.SimplifiedChinese)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	c := &Catalogue{translators: make(map[string]*Translator, len(Languages))}
	for _, lang := range Languages {
		files, err := fs.Glob(catalogues, "messages/"+lang+"/*.toml")
		if err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
		for _, file := range files {
			text, err := catalogues.ReadFile(file)
			if err == nil {
				_, err = bundle.ParseMessageFileBytes(text, lang+".toml") // which language it is, goes by this name
			}
			if err != nil {
				return nil, fmt.Errorf("read messages: %s: %w", file, err)
			}
		}
	}
	for _, lang := range Languages {
		c.translators[lang] = &Translator{Lang: lang, localizer: i18n.NewLocalizer(bundle, lang)}
	}
	return c, nil
}

// In gives the translator of a language, of Chinese where it is not spoken.
func (c *Catalogue) In(lang string) *Translator {
	if t := c.translators[lang]; t != nil {
		return t
	}
	return c.translators[Chinese]
}

// T says the message of a key. The arguments are {{.A1}}, {{.A2}} … in the
// catalogue; where the first is an int it also chooses between one and other.
// A key that is not there is said as it stands: a word too raw is better than
// a page that fails, and a test finds it first.
func (t *Translator) T(key string, args ...any) string {
	data := make(map[string]any, len(args))
	for i, a := range args {
		data["A"+strconv.Itoa(i+1)] = a
	}
	return t.say(key, data)
}

func (t *Translator) say(key string, data map[string]any) string {
	config := i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	if n, ok := data["A1"].(int); ok {
		config.PluralCount = n
	}
	text, err := t.localizer.Localize(&config)
	if text == "" && err != nil {
		return key
	}
	return text
}

// Has reports whether the language's own catalogue has the key.
func (t *Translator) Has(key string) bool {
	_, tag, err := t.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2})
	return err == nil && tag == language.Make(t.Lang)
}
