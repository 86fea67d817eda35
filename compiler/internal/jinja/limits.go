package jinja

// Defaults of Limits.
const (
	defaultSteps  = 50_000_000
	defaultDepth  = 200
	defaultOutput = 64 << 20
)

// textFactor is how many times the output limit all texts together may be that a render builds on the way.
const textFactor = 8

func (th *Thread) start() {
	if th.Limits.Steps == 0 {
		th.Limits.Steps = defaultSteps
	}
	if th.Limits.Depth == 0 {
		th.Limits.Depth = defaultDepth
	}
	if th.Limits.Output == 0 {
		th.Limits.Output = defaultOutput
	}
}

// keptOutput is how much memory for text a recycled thread may keep.
const keptOutput = 1 << 20

// Recycled is a new thread in the memory of one whose render has ended and of which nobody asks anything any more.
func (th *Thread) Recycled() *Thread {
	*th = Thread{buf: th.buf[:0], spare: th.spare}
	if cap(th.buf) > keptOutput {
		th.buf = nil
	}
	return th
}

// Steps is how many steps the thread has taken so far.
func (th *Thread) Steps() int { return th.steps }

// textShift sets what looking through a text costs: one step for each 128 bytes.
const textShift = 7

// itemCost is what keeping one more value costs in steps, so that memory is bounded together with time.
const itemCost = 8

// charge counts n steps.
func (x *exec) charge(n int) error {
	th := x.th
	th.steps += n
	if th.steps > th.Limits.Steps {
		return limitErrorf("the template needs more than %d steps", th.Limits.Steps)
	}
	return nil
}

// grow counts n bytes of a text that is about to be built.
func (x *exec) grow(n int) error {
	th := x.th
	th.built += n
	if n > th.Limits.Output || th.built/textFactor > th.Limits.Output {
		return limitErrorf("the template builds more text than %d bytes", th.Limits.Output)
	}
	return nil
}

// building checks a text that is being built piece by piece and is n bytes long by now.
func (x *exec) building(n int) error {
	if n > x.th.Limits.Output {
		return limitErrorf("the template builds more text than %d bytes", x.th.Limits.Output)
	}
	return nil
}

// growBy is grow for n pieces of the size.
func (x *exec) growBy(size int, n int64) error {
	if size > 0 && n > int64(x.th.Limits.Output/size) {
		return limitErrorf("the template builds more text than %d bytes", x.th.Limits.Output)
	}
	return x.grow(size * int(n))
}

// wrote checks the output after text was written.
func (x *exec) wrote(n int) error {
	th := x.th
	th.output += n
	if th.output > th.Limits.Output {
		return limitErrorf("the template writes more than %d bytes", th.Limits.Output)
	}
	return nil
}
