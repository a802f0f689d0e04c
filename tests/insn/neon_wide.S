// SPDX-License-Identifier: MIT
// Advanced SIMD widening and narrowing arithmetic.
// 1: x20 0, v0 6c0022ffd8ff8e:44fffaffb00066, v1 bc72000128de:1954a000100b6, v2 ffffffffb0b0afb0:afafafb0, v3 366fed00a2915922:fb3c5447ad53066, v4 36126666a27d1c1c:ee9d1d27a558788, v5 524fae1fb500671:e644e1c9e80003e9, v6 1c61eb6bf081e9e1:9a1d06b53edc9a19, v7 4cc42728426c43b8:2dc832102f52db30, v8 2c0441d710f83667:af24e42f0e882e2f, v9 50005000500050:b000b000b00050, v10 4a4a4a4a9a99999a:4a4a4a4a9a9a9a9a, v11 0:bc2895006dd944b0, v12 bc2995016dda45b0:4c4c4c4c4c4c4c4c, v13 0:afb0afafb0b0afaf, v14 afb0b0b0b0b0afb0:4e4e4e4e4e4e4e4e, v15 33414110f507c85:20a4212118000235, v16 1bb4067117900e25:66a423a125c019d5, v17 2fc254ff41cd4c:187d8440099e33c, v18 6638f5acfddcec1b:8e2093e72d96a5ef, v30 3611ecc7a27d5833:ee9c49f7a55300b, v31 86613c17f2cda883:5e3914efcaa5805b
#include "insn.h"
    BUF x20, 0
    ldp q30, q31, [x20]
    mov x20, #0
    saddl v0.8h, v30.8b, v31.8b
    uaddl2 v1.4s, v30.8h, v31.8h
    ssubl v2.2d, v30.2s, v31.2s
    uaddw v3.8h, v30.8h, v31.8b
    ssubw2 v4.4s, v30.4s, v31.8h
    smull v5.8h, v30.8b, v31.8b
    umull2 v6.2d, v30.4s, v31.4s
    smlal v7.4s, v30.4h, v31.4h
    umlsl2 v8.8h, v30.16b, v31.16b
    sabdl v9.8h, v30.8b, v31.8b
    uabal2 v10.2d, v30.4s, v31.4s
    addhn v11.8b, v30.8h, v31.8h
    raddhn2 v12.16b, v30.8h, v31.8h
    subhn v13.4h, v30.4s, v31.4s
    rsubhn2 v14.4s, v30.2d, v31.2d
    pmull v15.8h, v30.8b, v31.8b
    pmull2 v16.8h, v30.16b, v31.16b
    smull v17.4s, v30.4h, v15.h[7]
    umlal2 v18.2d, v30.4s, v31.s[1]
    END
