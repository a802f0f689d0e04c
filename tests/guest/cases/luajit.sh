# SPDX-License-Identifier: MIT
# packages: luajit
# LuaJIT: traces, FFI with callbacks, coroutines, errors; and its interpreter alone.
cat >t.lua <<'L'
local ffi = require 'ffi'
ffi.cdef [[int strlen(const char *); double floor(double); typedef struct { double x, y; } P; void qsort(void *, size_t, size_t, int (*)(const void *, const void *));]]
print(ffi.C.strlen 'hello', ffi.C.floor(-2.5), ffi.sizeof 'P', tonumber(ffi.cast('int8_t', 200)), 1ULL - 2ULL, bit.ror(1, 3), bit.tohex(-1))
local a = ffi.new('P[1000]')
for i = 0, 999 do a[i].x = i a[i].y = i * 2 end
local s = 0
for k = 1, 1000 do for i = 0, 999 do s = s + a[i].x * a[i].y end end
print(s)
local v = ffi.new 'int[500]'
for i = 0, 499 do v[i] = (i * 7919) % 503 end
local less = ffi.cast('int (*)(const void *, const void *)', function(x, y) return ffi.cast('int *', x)[0] - ffi.cast('int *', y)[0] end)
ffi.C.qsort(v, 500, 4, less)
print(v[0], v[250], v[499])
local t = {}
for i = 1, 300000 do t[i % 1000 + 1] = (t[i % 1000 + 1] or 0) + i end
print(#t, t[5], string.format('%.14g %5.1f %q', math.sin(1), 2.25, 'a"b'))
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(co(), co(), co(), select('#', pcall(error)), pcall(error, 'e'), pcall(function() return nil .. 'x' end))
local function deep(n) return 1 + deep(n + 1) end
print(pcall(deep, 0) == false)
local b = {}
for i = 1, 20000 do b[#b + 1] = string.format('%d:%s', i, ('x'):rep(i % 7)) end
print(#table.concat(b), ('a,b,,c'):gsub(',', ';'), ('key = val'):match '(%w+)%s*=%s*(%w+)')
for i = 1, 200 do local r = 0 for k = 1, 100 do r = r + (k % 3 == 0 and k or -k) / i end s = s + r end
print(string.format('%.10g', s))
collectgarbage() print(collectgarbage 'count' < 20000)
L
luajit t.lua
echo $?
luajit -joff t.lua | md5sum
luajit -O1 t.lua | md5sum
luajit -bl t.lua | wc -l
luajit -e 'error "no"' 2>&1 | sed -n 1p
echo ${PIPESTATUS[0]}
