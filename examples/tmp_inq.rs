fn main() {
    let r = nengli::Rulebook::builtin().unwrap();
    let t = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let c: nengli::Case = serde_json::from_str(&t).unwrap();
    let s = std::time::Instant::now();
    let i = r.inquire(&c).unwrap();
    eprintln!("{:?}", s.elapsed());
    println!("{}", serde_json::to_string_pretty(&i).unwrap());
}
