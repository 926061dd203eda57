package identity

import (
	"errors"
	"fmt"

	"github.com/go-playground/validator/v10"

	"tongchang/scoring"
)

// The rules under which commands and forms name these numbers:
//
//	ID string `validate:"required,citizen_id"`
const (
	RuleCitizenID   = "citizen_id"
	RuleCertificate = "disability_certificate"
	RulePhone       = "phone"
)

// Register adds the rules to a validator. Today is asked at every check.
func Register(v *validator.Validate, today func() Date) error {
	for rule := range parsers {
		err := v.RegisterValidation(rule, func(f validator.FieldLevel) bool {
			return Check(rule, f.Field().String(), today()) == nil
		})
		if err != nil {
			return fmt.Errorf("register %s: %w", rule, err)
		}
	}
	return nil
}

// parsers are the rules by name.
var parsers = map[string]func(typed string, today Date) error{
	RuleCitizenID:   func(s string, today Date) error { _, err := ParseCitizenID(s, today); return err },
	RuleCertificate: func(s string, _ Date) error { _, err := ParseCertificate(s); return err },
	RulePhone:       func(s string, _ Date) error { _, err := ParsePhone(s); return err },
}

// Check says what a rule has against a value: the validator only knows that it
// failed. Nil where it has nothing, or does not know the rule.
func Check(rule, typed string, today Date) *scoring.Invalid {
	parse, known := parsers[rule]
	if !known {
		return nil
	}
	var invalid *scoring.Invalid
	errors.As(parse(typed, today), &invalid)
	return invalid
}
