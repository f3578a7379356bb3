package view

import "time"

// AnswerReviewPage is the desk where answers are checked before residents read
// them: what was, what was done, side by side.
type AnswerReviewPage struct {
	Base
	Queue    StaffQueue
	Answer   *ReviewedAnswer // nil when nothing waits
	Conflict *StaffConflict
	Open     string // "return" when its panel is shown open
	Errors   FieldErrors
	ReadOnly string
}

// Template names the page's file.
func (AnswerReviewPage) Template() string { return "staff/review.html" }

// ReviewedAnswer is the answer on the desk with the message it answers.
type ReviewedAnswer struct {
	Command  StaffCommand
	Number   int64
	Href     string
	Topic    string
	Place    StaffPlace
	Due      time.Time // of the executor
	Late     int       // days between due and answered; 0 when in time
	CheckBy  time.Time // when this check is due
	Message  StaffVoice
	Answer   StaffAnswer
	Hints    []string // what the machine noticed: no photo, same text as before, taken elsewhere
	Earlier  []StaffAnswer
	Disputes []StaffVoice
	Joined   int
	Returns  []StaffTemplate // ready reasons to give it back
}
