//! A server on loopback that is asked as nodes are: one JSON object by HTTP, and one for an answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::Value;

/// Starts a server in a thread of this process, which answers each question by `answer`, or hangs up if that gives
/// none. Returns its URL, with a key in it that nobody should see.
pub fn serve(mut answer: impl FnMut(Value) -> Option<String> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/?api-key=secret", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            // The client may close the connection early, when it has its answer.
            let _ = respond(stream.unwrap(), &mut answer);
        }
    });
    url
}

fn respond(mut stream: TcpStream, answer: &mut impl FnMut(Value) -> Option<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    for line in reader.by_ref().lines() {
        let line = line?.to_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let Some(answer) = answer(serde_json::from_slice(&body).unwrap()) else { return Ok(()) };
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
}
