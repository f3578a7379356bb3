package board_test

import (
	"testing"

	"gorod/internal/city/board"
	"gorod/internal/city/org"
)

func TestTheMiddleIsTakenOverThoseWithEnoughAnswers(t *testing.T) {
	figures := map[org.ID]board.Figures{
		"a":   {Answered: 10, OnTime: 9, Promised: 10, Median: 3, Disputed: 1},
		"b":   {Answered: 20, OnTime: 10, Promised: 20, Median: 9, Disputed: 8},
		"c":   {Answered: 40, OnTime: 30, Promised: 40, Median: 5, Disputed: 8},
		"few": {Answered: 9, OnTime: 0, Promised: 9, Median: 90, Disputed: 9},
	}
	got := board.MiddleOf(figures, []org.ID{"a", "b", "c", "few", "none"})
	if got != (board.Middle{OnTime: 75, Days: 5, Disputed: 20, Of: 3}) {
		t.Errorf("the middle is %+v", got)
	}
	if got := board.MiddleOf(figures, []org.ID{"few"}); got != (board.Middle{OnTime: -1, Days: -1, Disputed: -1}) {
		t.Errorf("the middle of too few answers is %+v", got)
	}
}
