#include "textflag.h"

// func addFourSSE(sums, a, b, c, d *float32, by *[4]float32, n int)
// n is a multiple of 4.
TEXT ·addFourSSE(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), DI
	MOVQ a+8(FP), R8
	MOVQ b+16(FP), R9
	MOVQ c+24(FP), R10
	MOVQ d+32(FP), R11
	MOVQ by+40(FP), SI
	MOVQ n+48(FP), CX
	MOVSS 0(SI), X0
	SHUFPS $0, X0, X0
	MOVSS 4(SI), X1
	SHUFPS $0, X1, X1
	MOVSS 8(SI), X2
	SHUFPS $0, X2, X2
	MOVSS 12(SI), X3
	SHUFPS $0, X3, X3
	XORQ AX, AX
four:
	CMPQ AX, CX
	JGE  done
	MOVUPS (R8)(AX*4), X4
	MULPS  X0, X4
	MOVUPS (R9)(AX*4), X5
	MULPS  X1, X5
	ADDPS  X5, X4
	MOVUPS (R10)(AX*4), X6
	MULPS  X2, X6
	MOVUPS (R11)(AX*4), X7
	MULPS  X3, X7
	ADDPS  X7, X6
	ADDPS  X6, X4
	MOVUPS (DI)(AX*4), X8
	ADDPS  X4, X8
	MOVUPS X8, (DI)(AX*4)
	ADDQ $4, AX
	JMP  four
done:
	RET

// func addScaledSSE(sums, a *float32, x float32, n int)
// n is a multiple of 4.
TEXT ·addScaledSSE(SB), NOSPLIT, $0-32
	MOVQ  sums+0(FP), DI
	MOVQ  a+8(FP), R8
	MOVSS x+16(FP), X0
	SHUFPS $0, X0, X0
	MOVQ  n+24(FP), CX
	XORQ  AX, AX
one:
	CMPQ AX, CX
	JGE  end
	MOVUPS (R8)(AX*4), X4
	MULPS  X0, X4
	MOVUPS (DI)(AX*4), X8
	ADDPS  X4, X8
	MOVUPS X8, (DI)(AX*4)
	ADDQ $4, AX
	JMP  one
end:
	RET
