//! What the console does.

use std::net::SocketAddr;

use super::redirect::Redirect;
use super::{Datagram, GameServer, HEADER, line};

impl GameServer {
    /// The bodies of the answer; none at all where the buckets are full.
    pub(super) fn rcon(&mut self, from: SocketAddr, line: &[u8], password: Option<&[u8]>) -> Vec<Vec<u8>> {
        if self.protects() && !self.knows(from) {
            return Vec::new();
        }
        let mut out = Redirect::default();
        let wanted = self.cvar("rconPassword").to_owned();
        if wanted.is_empty() || password != Some(wanted.as_bytes()) {
            if self.protects() && !self.bad_rcon.takes(10, 1_000, self.now_ms) {
                return Vec::new();
            }
            out.print(if wanted.is_empty() { b"No rconpassword set on the server\n" } else { b"Bad rconpassword\n" });
            return out.end();
        }
        let command = line::command(line).to_owned();
        self.execute(from, &command, &mut out);
        if self.running { out.end() } else { Vec::new() }
    }

    fn execute(&mut self, from: SocketAddr, command: &[u8], out: &mut Redirect) {
        let words = line::words(command);
        let Some(verb) = words.first().map(|verb| String::from_utf8_lossy(verb).to_ascii_lowercase()) else { return };
        let text = |at: usize| words.get(at).map(|word| String::from_utf8_lossy(word).into_owned()).unwrap_or_default();
        let rest = words.get(1..).unwrap_or_default().join(&b' ');
        let whole = String::from_utf8_lossy(command).into_owned();
        if let Some(prints) = self.scripts.get(&whole) {
            for print in prints {
                out.print(print);
            }
            return;
        }
        self.commands.push(whole);
        match verb.as_str() {
            "status" => self.status_table(out),
            "say" => self.chat.push(String::from_utf8_lossy(&rest).into_owned()),
            "echo" if self.echoes => out.print(&[&rest[..], b"\n"].concat()),
            "clientkick" | "kick" => self.kick(&text(1), out),
            "map" if self.maps.iter().any(|map| map.eq_ignore_ascii_case(&text(1))) => self.change(from, &text(1), out),
            "map" => out.print(format!("Can't find map maps/{}.bsp\n", text(1)).as_bytes()),
            "map_restart" => {
                let map = self.cvar("mapname").to_owned();
                self.change(from, &map, out);
            }
            "dir" => self.list(&text(1), &text(2), out),
            "quit" => self.running = false,
            "set" => self.set_cvar(&text(1), &text(2)),
            name if self.find_cvar(name).is_some() && words.len() > 1 => {
                let name = name.to_owned();
                self.set_cvar(&name, &String::from_utf8_lossy(&rest));
            }
            name => self.show(name, out),
        }
    }

    /// A setting, in as many prints as the engine takes; what is unknown is passed over without a word.
    fn show(&self, name: &str, out: &mut Redirect) {
        let Some(cvar) = self.find_cvar(name) else { return };
        out.print(format!("\"{}\" is: \"{}^7\"", cvar.name, cvar.value).as_bytes());
        if cvar.value == cvar.default {
            out.print(b", the default");
        } else {
            out.print(format!(" default:\"{}^7\"", cvar.default).as_bytes());
        }
        out.print(b"\n");
    }

    fn kick(&mut self, whom: &str, out: &mut Redirect) {
        let slot = whom.parse::<usize>().ok().filter(|slot| *slot < self.slots.len());
        match slot.and_then(|slot| self.slots[slot].take()) {
            Some(player) => {
                let name = String::from_utf8_lossy(&player.name).into_owned();
                out.print(format!("broadcast: print \"{name}^7 was kicked\\n\"\n").as_bytes());
            }
            None => out.print(format!("Bad client slot: {whom}\n").as_bytes()),
        }
    }

    /// Says much, falls silent while it loads, and says the rest behind that.
    fn change(&mut self, from: SocketAddr, map: &str, out: &mut Redirect) {
        for number in 0..40 {
            out.print(format!("Lua 5.4 API: module number {number} unloaded.\n").as_bytes());
        }
        out.print(b"----- Server Initialization ----\n");
        let now_ms = self.now_ms;
        self.load(map, now_ms);
        for number in 0..40 {
            let body = format!("print\nClientConnect: {number}\n");
            self.unsent.push(Datagram { to: from, bytes: [&HEADER[..], body.as_bytes()].concat() });
        }
    }

    fn list(&self, folder: &str, ending: &str, out: &mut Redirect) {
        out.print(format!("Directory of {folder} {ending}\n").as_bytes());
        out.print(b"---------------\n");
        if folder == "maps" && ending.trim_start_matches('.') == "bsp" {
            for map in &self.maps {
                out.print(format!("{map}.bsp\n").as_bytes());
            }
        }
    }

    fn status_table(&self, out: &mut Redirect) {
        out.print(b"cpu server utilization: 1 %\n");
        out.print(b"avg response time     : 0 ms\n");
        out.print(format!("server time           : {}\n", self.now_ms).as_bytes());
        out.print(format!("internal time         : {}\n", self.now_ms).as_bytes());
        out.print(format!("map                   : {}\n\n", self.cvar("mapname")).as_bytes());
        let head = "num score ping name                                lastmsg address               qport rate  \
                    lastConnectTime\n";
        out.print(head.as_bytes());
        let rule = "--- ----- ---- ----------------------------------- ------- --------------------- ----- ----- \
                    ---------------\n";
        out.print(rule.as_bytes());
        for (slot, player) in self.slots.iter().enumerate() {
            let Some(player) = player else { continue };
            out.print(format!("{slot:3} ").as_bytes());
            out.print(format!("{:5} ", player.score).as_bytes());
            match player.ping {
                Some(ping) => out.print(format!("{:4} ", if player.bot { 0 } else { ping }).as_bytes()),
                None => out.print(b"CNCT "),
            }
            let mut row = [&player.name[..], b"^7"].concat();
            // Colour codes do not count, so the column is as wide as it looks.
            let codes = 2 * player.name.windows(2).filter(|two| two[0] == b'^' && two[1] > b' ').count();
            row.resize(row.len().max(37 + codes), b' ');
            let address = if player.bot { "bot".to_owned() } else { format!("203.0.113.{slot}:27960") };
            row.extend_from_slice(format!("{:7} {address:<21} {:5} {:5} {}\n", 25, 4_242, 90_000, 125_000).as_bytes());
            out.print(&row);
        }
        out.print(b"\n");
    }
}
