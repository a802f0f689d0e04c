# SPDX-License-Identifier: MIT
# packages: rustc gcc libc6-dev binutils
# limit: 300
# Rust: its compiler (LLVM), threads, channels, panics; a library with tests.
r() { rustc -C linker=gcc "$@"; }
cat >t.rs <<'R'
use std::collections::{BTreeMap, HashMap};
use std::sync::{atomic::*, mpsc, Arc, Mutex, RwLock};
use std::thread;
fn main() {
    let m = Arc::new(Mutex::new(0u64));
    let n = Arc::new(AtomicU32::new(0));
    let (tx, rx) = mpsc::channel();
    let hs: Vec<_> = (0..8).map(|i| { let (m, n, tx) = (m.clone(), n.clone(), tx.clone()); thread::spawn(move || { for k in 0..1000 { *m.lock().unwrap() += k * i; n.fetch_add(1, Ordering::Relaxed); } tx.send(i).unwrap(); }) }).collect();
    for h in hs { h.join().unwrap(); }
    drop(tx);
    let mut v: Vec<_> = rx.iter().collect();
    v.sort();
    println!("{} {} {:?}", m.lock().unwrap(), n.load(Ordering::SeqCst), v);
    let mut h = HashMap::new();
    for i in 0..10000u32 { *h.entry(i % 97).or_insert(0u64) += i as u64; }
    println!("{:?}", h.into_iter().collect::<BTreeMap<_, _>>().iter().take(3).collect::<Vec<_>>());
    std::panic::set_hook(Box::new(|p| println!("{}", p)));
    let r = std::panic::catch_unwind(|| { let v: Vec<i32> = vec![]; v[std::env::args().count()] });
    println!("{} {:e} {} {:?} {}", r.is_err(), 1.5e300f64.sqrt(), u128::MAX, "żó".to_uppercase(), f32::MAX as i32);
    let l = RwLock::new(vec![1, 2, 3]);
    thread::scope(|s| { for _ in 0..3 { s.spawn(|| assert_eq!(l.read().unwrap().len(), 3)); } });
    println!("{:?}", std::process::Command::new("sh").args(["-c", "echo child; exit 3"]).output().map(|o| (o.status.code(), o.stdout)));
    std::process::exit(i32::from_str_radix("7", 8).unwrap());
}
R
for o in '' -O '-C opt-level=3 -C panic=unwind'; do r $o t.rs && ./t; echo "$o: $?"; done
printf 'pub fn two() -> i32 { 2 }\n#[test] fn good() { assert_eq!(two(), 2) }\n#[test] #[should_panic] fn bad() { assert_eq!(two(), 3) }\n' >l.rs
r --test l.rs -o l && ./l | grep -E '^test |^test result' | sed 's/; finished.*//' | sort
echo 'fn main() { let s = String::new(); let t = s; println!("{}", s); }' >bad.rs; r bad.rs 2>&1 | head -1
