# SPDX-License-Identifier: MIT
# packages: erlang-base erlang-dev
# Erlang, whose JIT writes code through one mapping and runs it through another: 2,000 processes, code loaded anew while it runs.
export HOME=$PWD
cat >t.erl <<'E'
-module(t).
-export([main/0, loop/1]).
loop(N) -> receive {P, X} -> P ! {self(), X * 2, N}, loop(N + 1); stop -> ok end.
fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
load(K) ->
    X = {var, 1, 'X'},
    {ok, t2, B} = compile:forms([{attribute, 1, module, t2}, {attribute, 1, export, [{f, 1}]},
        {function, 1, f, 1, [{clause, 1, [X], [], [{op, 1, '+', X, {integer, 1, K}}]}]}]),
    code:purge(t2), {module, t2} = code:load_binary(t2, "t2", B), t2:f(3).
main() ->
    Ps = [spawn(t, loop, [0]) || _ <- lists:seq(1, 2000)],
    [P ! {self(), I} || {P, I} <- lists:zip(Ps, lists:seq(1, 2000))],
    io:format("~p ~p~n", [lists:sum([receive {P, X, _} -> X end || P <- Ps]), fib(25)]),
    [P ! stop || P <- Ps],
    T = ets:new(x, []), [ets:insert(T, {I rem 100, I}) || I <- lists:seq(1, 50000)],
    io:format("~p ~p~n", [ets:info(T, size), (catch 1 div (length(Ps) - 2000)) =:= 0]),
    io:format("~p ~p ~p~n", [erlang:md5("abc"), math:pow(2, 0.5), 1 bsl 100 div 3]),
    {ok, L} = gen_tcp:listen(0, [binary, {active, false}, {ip, {127, 0, 0, 1}}]), {ok, Port} = inet:port(L),
    spawn(fun() -> {ok, S} = gen_tcp:accept(L), {ok, D} = gen_tcp:recv(S, 0), gen_tcp:send(S, D), gen_tcp:close(S) end),
    {ok, C} = gen_tcp:connect("127.0.0.1", Port, [binary, {active, false}]), gen_tcp:send(C, "hey"),
    io:format("~p~n~p~n~p~n", [gen_tcp:recv(C, 0), os:cmd("echo sub"), erlang:system_info(emu_flavor)]),
    io:format("~p~n", [[load(K) || K <- lists:seq(1, 30)]]),
    Self = self(), [spawn(fun() -> Self ! {fib, fib(20)} end) || _ <- lists:seq(1, 50)],
    io:format("~p~n", [lists:usort([receive {fib, F} -> F end || _ <- lists:seq(1, 50)])]),
    halt(3).
E
erlc t.erl
echo $?
erl -noshell -s t main
echo $?
erl -noshell -eval 'io:format("~w~n", [catch list_to_integer("x")]), halt().' 2>&1 | head -c 60
