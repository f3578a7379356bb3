package suggest

import "sync"

// crew are goroutines that wait for small shares of work: a batch is scored in
// half a millisecond, too short to start goroutines for.
type crew struct {
	tasks []chan task
	wait  *sync.WaitGroup
}

type task struct {
	do       func(from, to int)
	from, to int
}

// newCrew starts all but one worker: the caller is the first.
func newCrew(workers int) crew {
	c := crew{wait: &sync.WaitGroup{}}
	for range max(workers, 1) - 1 {
		tasks := make(chan task, 1)
		c.tasks = append(c.tasks, tasks)
		go func() {
			for t := range tasks {
				t.do(t.from, t.to)
				c.wait.Done()
			}
		}()
	}
	return c
}

// share parts 0..n among the crew and waits until all is done.
func (c crew) share(n int, do func(from, to int)) {
	parts := len(c.tasks) + 1
	c.wait.Add(len(c.tasks))
	for i, tasks := range c.tasks {
		tasks <- task{do, n * (i + 1) / parts, n * (i + 2) / parts}
	}
	do(0, n/parts)
	c.wait.Wait()
}

// dismiss lets the crew go.
func (c crew) dismiss() {
	for _, tasks := range c.tasks {
		close(tasks)
	}
}
