#include "textflag.h"

// func addRowsSSE(sums *int16, whole *int8, rows *uint32, n, width int)
// n is not 0, width a multiple of 16. Sixty-four columns are summed at a time, the
// rest sixteen at a time; SI is the first column, R8 counts the rows.
TEXT ·addRowsSSE(SB), NOSPLIT, $0-40
	MOVQ sums+0(FP), DI
	MOVQ whole+8(FP), SI
	MOVQ rows+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ width+32(FP), BX
	MOVQ BX, R10
wide:
	CMPQ R10, $64
	JLT  narrow
	MOVOU (DI), X0
	MOVOU 16(DI), X1
	MOVOU 32(DI), X2
	MOVOU 48(DI), X3
	MOVOU 64(DI), X4
	MOVOU 80(DI), X5
	MOVOU 96(DI), X6
	MOVOU 112(DI), X7
	XORQ  R8, R8
wideRow:
	MOVL  (DX)(R8*4), AX
	IMULQ BX, AX
	ADDQ  SI, AX
	MOVOU (AX), X8
	MOVOU 16(AX), X10
	MOVOU 32(AX), X12
	MOVOU 48(AX), X14
	MOVO  X8, X9
	MOVO  X10, X11
	MOVO  X12, X13
	MOVO  X14, X15
	PUNPCKLBW X8, X8
	PUNPCKHBW X9, X9
	PUNPCKLBW X10, X10
	PUNPCKHBW X11, X11
	PUNPCKLBW X12, X12
	PUNPCKHBW X13, X13
	PUNPCKLBW X14, X14
	PUNPCKHBW X15, X15
	PSRAW $8, X8
	PSRAW $8, X9
	PSRAW $8, X10
	PSRAW $8, X11
	PSRAW $8, X12
	PSRAW $8, X13
	PSRAW $8, X14
	PSRAW $8, X15
	PADDW X8, X0
	PADDW X9, X1
	PADDW X10, X2
	PADDW X11, X3
	PADDW X12, X4
	PADDW X13, X5
	PADDW X14, X6
	PADDW X15, X7
	INCQ  R8
	CMPQ  R8, CX
	JLT   wideRow
	MOVOU X0, (DI)
	MOVOU X1, 16(DI)
	MOVOU X2, 32(DI)
	MOVOU X3, 48(DI)
	MOVOU X4, 64(DI)
	MOVOU X5, 80(DI)
	MOVOU X6, 96(DI)
	MOVOU X7, 112(DI)
	ADDQ  $128, DI
	ADDQ  $64, SI
	SUBQ  $64, R10
	JMP   wide
narrow:
	TESTQ R10, R10
	JEQ   added
	MOVOU (DI), X0
	MOVOU 16(DI), X1
	XORQ  R8, R8
narrowRow:
	MOVL  (DX)(R8*4), AX
	IMULQ BX, AX
	MOVOU (SI)(AX*1), X8
	MOVO  X8, X9
	PUNPCKLBW X8, X8
	PUNPCKHBW X9, X9
	PSRAW $8, X8
	PSRAW $8, X9
	PADDW X8, X0
	PADDW X9, X1
	INCQ  R8
	CMPQ  R8, CX
	JLT   narrowRow
	MOVOU X0, (DI)
	MOVOU X1, 16(DI)
	ADDQ  $32, DI
	ADDQ  $16, SI
	SUBQ  $16, R10
	JMP   narrow
added:
	RET

// func sieveSSE(nodes *sieveNode, ends *uint32, trees int, bins *int16, leaves *uint16)
// A node is 8 bytes: the byte at which the bins of its feature begin (32 bits),
// its bin and the leaves on its left (16 bits each).
TEXT ·sieveSSE(SB), NOSPLIT, $0-40
	MOVQ nodes+0(FP), SI
	MOVQ ends+8(FP), R8
	MOVQ trees+16(FP), CX
	MOVQ bins+24(FP), DI
	MOVQ leaves+32(FP), DX
	MOVQ SI, R9
tree:
	MOVL    (R8), R10
	LEAQ    (R9)(R10*8), R10
	PCMPEQB X0, X0
	PCMPEQB X1, X1
	PCMPEQB X2, X2
node:
	CMPQ       SI, R10
	JGE        leaf
	MOVL       (SI), AX
	MOVQ       (SI), X3
	PSHUFLW    $0xAA, X3, X4
	PUNPCKLQDQ X4, X4
	PSHUFLW    $0xFF, X3, X5
	PUNPCKLQDQ X5, X5
	MOVOU      (DI)(AX*1), X6
	MOVOU      16(DI)(AX*1), X7
	MOVOU      32(DI)(AX*1), X8
	PCMPGTW    X4, X6
	PCMPGTW    X4, X7
	PCMPGTW    X4, X8
	PAND       X5, X6
	PAND       X5, X7
	PAND       X5, X8
	PANDN      X0, X6
	PANDN      X1, X7
	PANDN      X2, X8
	MOVO       X6, X0
	MOVO       X7, X1
	MOVO       X8, X2
	ADDQ       $8, SI
	JMP        node
leaf:
	MOVOU X0, (DX)
	MOVOU X1, 16(DX)
	MOVOU X2, 32(DX)
	ADDQ  $48, DX
	ADDQ  $4, R8
	DECQ  CX
	JNE   tree
	RET
