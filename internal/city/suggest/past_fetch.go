package suggest

import "time"

// Fetch looks up what the past tells of a message, and says how much of a clock
// that took: Advise does the same and then weighs it, so a judgement can tell
// what each of them costs. Texts-only models look up nothing.
func (p *Past) Fetch(in Input, clock func() time.Duration) time.Duration {
	if p.model.archive == nil {
		return 0
	}
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	w := whereOf(&in)
	t.tokens, t.stems = tokenize(in.Text)
	start := clock()
	p.fetch(t, &w)
	p.lock.RUnlock()
	return clock() - start
}
