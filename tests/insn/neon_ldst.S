// SPDX-License-Identifier: MIT
// Advanced SIMD structures: LD1 to LD4, ST1 to ST4, lanes, replication, post-index.
// 1: x0 59, x20 0, x21 0, x22 0, v0 efcaa5805b3611ec:c7a27d58330ee9c4, v1 3f1af5d0ab86613c:17f2cda8835e3914, v2 8f6a4520fbd6b18c:67421df8d3ae8964, v3 e5c0512cbd982904:957001dc6d48d9b4, v4 2f0a9b7607e2734e:dfba4b26b79223fe, v5 35c657e8790a9b2c:bd4edf70019223b4, v6 5aeb7c0d9e2fc051:e273049526b748d9, v7 7f10a132c354e576:79829ba4bdc6dfe, v8 13eec9a4c39e7954:734e290423fed9b4, v9 a7825d3857320de8:7e2bd98b7926d48, v10 3b16f1ccebc6a17c:9b76512c4b2601dc, v11 cfaa85607f5a3510:2f0ae5c0dfba9570, v12 7e2bd98734e2904:b7926d4823fed9b4, v13 2f0ae5c09b76512c:dfba95704b2601dc, v14 0:734e9570b792d9b4, v15 0:bd98dfba01dc23fe, v16 0:7e229044b266d48, v17 0:38a4107ce854c02c, v18 0:5dc935a10d79e551, v19 0:82ee5ac6329e0a76, v20 0:a7137feb57c32f9b, v21 55552c5555555555:5555555555555555, v22 5656565656565656:512c565656565656, v23 5757575757575757:9b76575757575757, v24 5858585858585858:9b76512c58585858, v25 5959595959595959:2f0ae5c059595959, v26 5a5a5a5a5a5a5a5a:c39e79545a5a5a5a, v27 ebc6a17c57320de8:5b5b5b5b5b5b5b5b, v28 13eec9a47f5a3510:5c5c5c5c5c5c5c5c, v29 3b16f1cca7825d38:5d5d5d5d5d5d5d5d, v30 633e19f4cfaa8560:5e5e5e5e5e5e5e5e, v31 57320de857320de8:57320de857320de8
// 2: x1 15, x2 8b, v2 dfba95704b2601dc:b7926d4823fed9b4, v3 2f0ae5c09b76512c:7e2bd98734e2904, v4 dfba95704b2601dc:b7926d4823fed9b4, v5 b7926d4823fed9b4:7e2bd98734e2904, v6 512c2398734e2904:dfba95704b2601dc, v7 57320de800005500:9b76, v8 a7825d3813eec9a4:7f5a3510ebc6a17c, v9 0:cfaa85603b16f1cc, v22 0:1313131313131313, v23 0:3838383838383838
#include "insn.h"
    BUF x20, 5
    BUF x21, 512
    ld1 {v0.16b, v1.16b, v2.16b}, [x20], #48
    ld2 {v3.8h, v4.8h}, [x20]
    ld3 {v5.16b, v6.16b, v7.16b}, [x20]
    ld4 {v8.4s, v9.4s, v10.4s, v11.4s}, [x20]
    ld2 {v12.2d, v13.2d}, [x20]
    ld3 {v14.4h, v15.4h, v16.4h}, [x20], #24
    ld4 {v17.8b, v18.8b, v19.8b, v20.8b}, [x20]
    ld1 {v21.b}[13], [x20]
    ld2 {v22.h, v23.h}[3], [x20]
    ld3 {v24.s, v25.s, v26.s}[1], [x20], #12
    ld4 {v27.d, v28.d, v29.d, v30.d}[1], [x20]
    ld1r {v31.4s}, [x20]
    BUF x22, 0
    sub x0, x20, x22
    mov x20, #0
    mov x22, #0
    mov x21, #0
    STEP
    BUF x21, 512
    mov x1, #21
    st1 {v0.16b, v1.16b}, [x21], #32
    st2 {v3.8h, v4.8h}, [x21], #32
    st3 {v5.8b, v6.8b, v7.8b}, [x21], #24
    st4 {v8.4s, v9.4s, v10.4s, v11.4s}, [x21], x1
    st1 {v12.b}[3], [x21], #1
    st2 {v13.s, v14.s}[2], [x21], #8
    st3 {v15.h, v16.h, v17.h}[7], [x21]
    st4 {v18.b, v19.b, v20.b, v21.b}[15], [x21], x1
    ld2r {v22.8b, v23.8b}, [x21]
    BUF x20, 512
    sub x2, x21, x20
    ldp q0, q1, [x20]
    ldp q2, q3, [x20, #32]
    ldp q4, q5, [x20, #64]
    ldp q6, q7, [x20, #96]
    ldp q8, q9, [x20, #128]
    mov x20, #0
    mov x21, #0
    END
