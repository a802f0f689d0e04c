# SPDX-License-Identifier: MIT
# packages: lua5.4
lua5.4 - <<'L'
local s = 0.0 for i = 1, 1000000 do s = s + 1.0 / (i * i) end print(string.format("%.12f", s))
local t = {} for i = 1, 10000 do t[i] = (i * 7919) % 10007 end table.sort(t) print(t[1], t[5000], t[10000], #t)
print(("hello world"):gsub("o", "0"), ("key=val"):match("(%w+)=(%w+)"), string.rep("ab", 3, ","), ("x"):byte(), #string.pack("i4d", 1, 2.5))
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) print(co(), co(), co())
print(pcall(function() error({code = 5}) end), select("#", 1, nil, 3), 7 // 2, -7 // 2, 7 % -3, 1 << 62, 3 | 4, 10 / 2, 2 ^ 0.5, math.maxinteger + 1 == math.mininteger, 1e15, 2 ^ 53)
local mt = setmetatable({}, {__index = function(_, k) return k * 2 end, __add = function() return "add" end}) print(mt[21], mt + 1, tostring(nil), #"ü", utf8.char(228, 8364), os.time({year = 2000, month = 1, day = 1, hour = 12}))
local ok, e = pcall(string.rep, "x", -1) print(ok, e) print(0/0 ~= 0/0, 1/0, -1/0, math.tointeger(3.0), 3 == 3.0, "10" + 5, math.type(1), math.type(1.0)) os.exit(2)
L
echo $?
