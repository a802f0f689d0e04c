# SPDX-License-Identifier: MIT
# packages: ocaml-nox gcc libc6-dev
# limit: 300
# Native code and bytecode: exceptions by signals, a compacting collector, threads, an alarm in a loop that only allocates.
cat >a.ml <<'X'
let rec fib n = if n < 2 then n else fib (n - 1) + fib (n - 2)
let rec deep n = 1 + deep (n + 1)
let attempt name f = try ignore (f ()); print_endline "?" with
  | Stack_overflow -> print_endline (name ^ ": stack overflow")
  | e -> print_endline (name ^ ": " ^ Printexc.to_string e)

let collect () =
  let a = Array.init 100000 (fun _ -> ref 0) in
  for _ = 1 to 20 do
    Array.iteri (fun i r -> a.(i) <- ref (!r + 1)) a
  done;
  Gc.compact ();
  Array.fold_left (fun sum r -> sum + !r) 0 a

let count () =
  let sum = ref 0 and lock = Mutex.create () in
  let add () =
    for _ = 1 to 20000 do
      Mutex.lock lock;
      incr sum;
      Mutex.unlock lock
    done in
  List.iter Thread.join (List.init 5 (fun _ -> Thread.create add ()));
  !sum

let () =
  Printf.printf "%d %d %d\n%!" (fib 27) (collect ()) (count ());
  attempt "deep" (fun () -> deep 0);
  attempt "division" (fun () -> 1 / Sys.opaque_identity 0);
  attempt "bounds" (fun () -> [| 1 |].(Sys.opaque_identity 3));
  Printf.printf "%.17g %h %Ld %d\n" (sin 1. +. exp 2.) (1. /. 3.) (Int64.div Int64.min_int (-1L)) (Hashtbl.hash [1; 2; 3]);
  Sys.set_signal Sys.sigalrm (Sys.Signal_handle (fun _ -> print_endline "alarm"; exit 3));
  ignore (Unix.alarm 1);
  while true do
    ignore (Sys.opaque_identity (ref 1))
  done
X
ocamlopt -I +threads unix.cmxa threads.cmxa a.ml -o native && ./native
echo $?
ocamlc -I +threads unix.cma threads.cma a.ml -o bytecode && ./bytecode
echo $?
