//! A client of HTTP/1.1 that costs next to nothing: one connection per task, one request as it is, again and again.

use std::net::SocketAddr;
use std::time::Duration;

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::watch::{Times, Watch};

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a request and reads its whole answer: the status and how many bytes the body has.
    pub async fn ask(&mut self, request: &[u8]) -> (u16, usize) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let (mut head_end, mut length) = (None, 0);
        loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the server hung up");
            if head_end.is_none() {
                head_end = memmem::find(&self.buffer, b"\r\n\r\n").map(|at| at + 4);
                length = head_end.map_or(0, |end| content_length(&self.buffer[..end]));
            }
            if head_end.is_some_and(|end| self.buffer.len() >= end + length) {
                let status = std::str::from_utf8(&self.buffer[9..12]).unwrap().parse().unwrap();
                return (status, length);
            }
        }
    }

    /// A header of the latest answer, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.buffer);
        let (head, _) = text.split_once("\r\n\r\n")?;
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
    }

    /// The body of the latest answer.
    pub fn body(&self) -> String {
        let text = String::from_utf8_lossy(&self.buffer);
        text.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())
    }
}

fn content_length(head: &[u8]) -> usize {
    let head = std::str::from_utf8(head).unwrap();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.unwrap_or_else(|| panic!("no content-length in\n{head}")).parse().unwrap()
}

/// What a load did.
pub struct Load {
    /// Answers with the expected status.
    pub good: usize,
    /// Other answers.
    pub other: usize,
    /// How long it took.
    pub took: Duration,
    /// How long each answer took.
    pub times: Times,
}

impl Load {
    /// Good answers per second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.took.as_secs_f64()
    }
}

/// Asks for `time` over so many connections; connection n sends request n, modulo.
pub async fn load(to: SocketAddr, connections: usize, requests: &[Vec<u8>], expected: u16, time: Duration) -> Load {
    let watch = Watch::start();
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            let request = requests[number % requests.len()].clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(to).await;
                let (watch, mut times, mut good, mut other) = (Watch::start(), Times::default(), 0, 0);
                while watch.elapsed() < time {
                    let one = Watch::start();
                    let (status, _) = connection.ask(&request).await;
                    if status == expected {
                        good += 1;
                        times.add(one.elapsed());
                    } else {
                        other += 1;
                    }
                }
                (times, good, other)
            })
        })
        .collect();
    let mut load = Load { good: 0, other: 0, took: Duration::ZERO, times: Times::default() };
    for task in tasks {
        let (times, good, other) = task.await.unwrap();
        load.times.extend(times);
        load.good += good;
        load.other += other;
    }
    load.took = watch.elapsed();
    load
}

/// Processor time of this process so far, in all its threads. In hundredths of a second, as Linux counts.
pub fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit(") ").next().unwrap();
    let ticks: u64 = after_name.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
