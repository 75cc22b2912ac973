-- Rules for round events, `gametime-<map>-R<round>-<unix>.json`, which stats_discord_webhook.lua writes.
--
-- The agent decodes the file (it is never executed) and calls the function below with one table:
--   file.name      the file's name, without directory
--   file.size      bytes
--   file.utf8      false where the bytes were no UTF-8 and were read as Windows-1252
--   file.json      the decoded document, or nil
--   file.problem   why there is no document, where there is none
--   file.now       this machine's clock, Unix seconds
-- and these functions:
--   re_match(pattern, text)  linear-time regular expression; the groups (or the whole match), nil without a match;
--                            a text of more than 1024 bytes never matches
--   json(text)               decodes JSON inside a string; nil and the problem where it is none
--   is_array(value)          whether a decoded value was a JSON array
--   null                     what a JSON null becomes
--
-- It answers { verdict = "accept" | "suspect" | "reject", rules = { ids }, notes = { texts } }.
-- The file travels to the hub whatever the answer is. Limits are wide on purpose: a rule names what cannot be right.

local MAX_BYTES <const> = 256 * 1024
local OLDEST <const> = 1577836800 -- 2020-01-01
local DAY <const> = 86400
local GHOST_SECONDS <const> = 30

local FIELDS <const> = {
    "Map", "Round", "Winner", "Defender", "Lua_Playtime", "Lua_Timelimit", "Lua_Pauses", "Lua_EndReason", "Lua_Warmup",
    "Lua_WarmupStart", "Lua_RoundStart", "Lua_RoundEnd", "Lua_SurrenderTeam", "Lua_SurrenderCaller",
    "Lua_SurrenderCallerName", "Lua_AxisScore", "Lua_AlliesScore", "Axis_JSON", "Allies_JSON", "Lua_Pauses_JSON",
    "Lua_SpawnSummary",
}
local SPAWN_NUMBERS <const> = { "spawns", "deaths", "dead_seconds", "avg_respawn", "max_respawn" }

local function set(list)
    local members = {}
    for _, item in ipairs(list) do members[item] = true end
    return members
end

local function is_int(value) return math.type(value) == "integer" end
local function is_text(value) return type(value) == "string" end
local function is_object(value) return type(value) == "table" and not is_array(value) end

--- Whether `object` has just these keys.
local function has_exactly(object, keys)
    if not is_object(object) then return false end
    local wanted, count = set(keys), 0
    for key in pairs(object) do
        if not wanted[key] then return false end
        count = count + 1
    end
    return count == #keys
end

local function is_name(value)
    local length = is_text(value) and utf8.len(value)
    return length and length >= 1 and length <= 36
end

local function is_guid(value) return is_text(value) and re_match("^(?:[0-9A-F]{32}|OMNIBOT[0-9A-Z]{0,25})$", value) end
local function is_bot(guid) return string.sub(guid, 1, 7) == "OMNIBOT" end

--- The map as the writer puts it into a file name.
local function file_map(map)
    local out = {}
    for at = 1, #map do
        local char = string.sub(map, at, at)
        out[at] = re_match("^[A-Za-z0-9_-]$", char) or "_"
    end
    return table.concat(out)
end

--- S: name, envelope and the embed's fields. Returns the fields by name and the meta object, nil where unusable.
local function shape(file, reject, suspect)
    local named = {}
    named.map, named.round, named.stop =
        re_match("^gametime-([A-Za-z0-9_-]{1,63})-R([12])-([0-9]{10})\\.json$", file.name)
    if not named.map then reject("S6", "the name is not gametime-<map>-R1-<unix seconds>.json") end
    if not file.utf8 then suspect("S1", "not UTF-8, read as Windows-1252") end
    if file.size > MAX_BYTES then
        reject("S2", "more than 256 KiB")
        return nil
    end
    local doc = file.json
    if not is_object(doc) or not is_object(doc.meta) or not is_object(doc.payload) then
        reject("S2", file.problem or "no JSON object with the objects `meta` and `payload`")
        return nil
    end
    local payload = doc.payload
    local embeds = payload.embeds
    if payload.content ~= "STATS_READY" or payload.username ~= "ET:Legacy Stats"
        or not is_array(embeds) or #embeds ~= 1 or not is_object(embeds[1]) then
        reject("S3", "the message is not one STATS_READY embed of `ET:Legacy Stats`")
        return nil
    end
    local footer = embeds[1].footer
    local version = is_object(footer) and is_text(footer.text) and re_match("v([0-9]+\\.[0-9]+\\.[0-9]+)$", footer.text)
    if not version then
        suspect("S5", "the footer names no writer version")
    elseif not re_match("^1\\.", version) then
        suspect("S5", "writer version " .. version .. " is not one these rules know")
    end
    local fields, known = {}, set(FIELDS)
    for _, field in ipairs(is_array(embeds[1].fields) and embeds[1].fields or {}) do
        local name, value = is_object(field) and field.name, is_object(field) and field.value
        if not is_text(name) or not is_text(value) then
            reject("S4", "a field lacks its name or value")
        elseif not known[name] then
            suspect("S4", "an unknown field " .. string.sub(name, 1, 40))
        elseif fields[name] then
            reject("S4", name .. " stands there twice")
        else
            fields[name] = value
        end
    end
    for _, name in ipairs(FIELDS) do
        if not fields[name] then reject("S4", name .. " is missing") end
    end
    return fields, doc.meta, named
end

--- F1 to F12: each field by itself. Returns the values that hold.
local function values(fields, now, reject, suspect)
    local v = {}
    -- Reads one field by a pattern; a missing field is S4's business.
    local function read(name, id, pattern, what)
        local text = fields[name]
        if not text then return nil end
        local first, second = re_match(pattern, text)
        if not first then reject(id, name .. " is not " .. what) end
        return first, second
    end
    local function number(...)
        local text = read(...)
        return text and math.tointeger(tonumber(text))
    end
    local function instant(name, zero)
        local at = number(name, "F9", "^([0-9]{1,15})$", "a time in Unix seconds")
        if not at or (zero and at == 0) or (at >= OLDEST and at <= now + DAY) then return at end
        reject("F9", name .. " does not lie between 2020 and tomorrow")
        return nil
    end

    local map = read("Map", "F1", "^[a-z0-9_.+-]{1,63}$", "a map name")
    if map == "unknown" then reject("F1", "the writer did not know the map") else v.map = map end
    v.round = number("Round", "F2", "^[12]$", "1 or 2")
    for _, name in ipairs({ "Winner", "Defender" }) do
        local side = number(name, "F3", "^[012]$", "0, 1 or 2")
        if side == 0 then suspect("F3", name .. " is nobody") end
        v[name == "Winner" and "winner" or "defender"] = side
    end
    v.playtime = number("Lua_Playtime", "F4", "^([0-9]{1,5}) sec$", "seconds, as in `490 sec`")
    local limit = read("Lua_Timelimit", "F5", "^([0-9]{1,3}(?:\\.[0-9]{1,3})?) min$", "minutes, as in `12 min`")
    if limit and tonumber(limit) > 120 then
        reject("F5", "a time limit of more than two hours")
    elseif limit then
        v.limit = tonumber(limit) * 60
        v.limit_slack = re_match("\\.[0-9]{3}$", limit) and 1 or 0
    end
    local count, paused =
        read("Lua_Pauses", "F6", "^([0-9]{1,2}) \\(([0-9]{1,5}) sec\\)$", "a count and seconds, as in `2 (149 sec)`")
    v.pauses, v.paused = count and math.tointeger(tonumber(count)), paused and math.tointeger(tonumber(paused))
    v.reason = read("Lua_EndReason", "F7", "^(?:objective|surrender|time_expired)$", "a known end reason")
    v.warmup = number("Lua_Warmup", "F8", "^([0-9]{1,5}) sec$", "seconds, as in `0 sec`")
    v.warmup_start = instant("Lua_WarmupStart", true)
    v.start = instant("Lua_RoundStart")
    v.stop = instant("Lua_RoundEnd")
    v.surrender = number("Lua_SurrenderTeam", "F10", "^[012]$", "0, 1 or 2")
    local caller = fields.Lua_SurrenderCaller
    if caller == "" or (caller and re_match("^[0-9A-F]{32}$", caller)) then
        v.caller = caller
    elseif caller then
        reject("F11", "the caller's GUID is not 32 upper-case hexadecimal digits")
    end
    local caller_name = fields.Lua_SurrenderCallerName
    if caller_name and caller_name ~= ""
        and (not is_name(caller_name) or re_match("[\\x00-\\x1F\\x7F]", caller_name)) then
        reject("F11", "the caller's name is longer than 36 characters or holds control characters")
    end
    v.axis_score = number("Lua_AxisScore", "F12", "^[0-9]{1,9}$", "a count")
    v.allies_score = number("Lua_AlliesScore", "F12", "^[0-9]{1,9}$", "a count")
    return v
end

--- F13 to F16: the lists, and what only `meta` has.
local function lists(fields, meta, v, reject)
    local function roster(name)
        local text = fields[name]
        if not text then return nil end
        local list = json(text)
        if not is_array(list) or #list > 32 then
            reject("F13", name .. " is no JSON list of at most 32 players")
            return nil
        end
        for _, player in ipairs(list) do
            if not has_exactly(player, { "guid", "name" }) or not is_guid(player.guid) or not is_name(player.name) then
                reject("F13", name .. " has a player that is not just a GUID and a name of 1 to 36 characters")
                return nil
            end
        end
        return list
    end
    v.axis, v.allies = roster("Axis_JSON"), roster("Allies_JSON")

    local events = fields.Lua_Pauses_JSON and json(fields.Lua_Pauses_JSON)
    local sound = is_array(events)
    for _, event in ipairs(sound and events or {}) do
        sound = sound and has_exactly(event, { "n", "start", "end", "sec" })
            and is_int(event.n) and is_int(event.start) and is_int(event["end"]) and is_int(event.sec)
    end
    if sound then
        v.events = events
    elseif fields.Lua_Pauses_JSON then
        reject("F14", "the pauses are no JSON list of whole n, start, end and sec")
    end

    local keys = { "guid", "name", table.unpack(SPAWN_NUMBERS) }
    local spawns = meta.spawn_stats
    sound = is_array(spawns)
    for _, player in ipairs(sound and spawns or {}) do
        sound = sound and has_exactly(player, keys) and is_text(player.guid) and is_text(player.name)
        for _, key in ipairs(SPAWN_NUMBERS) do
            sound = sound and is_int(player[key]) and player[key] >= 0 and player[key] <= 100000
        end
    end
    if sound then v.spawns = spawns else reject("F15", "the spawn list has other keys or impossible numbers") end

    if not is_text(meta.server_port) or not re_match("^[0-9]{1,5}$", meta.server_port) then
        reject("F16", "the server's port is no number")
    end
    if v.stop and meta.match_id ~= tostring(v.stop) then reject("F16", "the match id is not the round's end") end
end

--- X1 to X6: the times must add up.
local function times(v, reject, suspect)
    local forward = v.start and v.stop and v.stop > v.start
    if v.start and v.stop and not forward then reject("X1", "the round ends before it starts") end
    if forward and v.playtime and v.paused
        and v.playtime ~= math.max(0, v.stop - v.start - v.paused) then
        reject("X2", "playtime is not end minus start minus pauses")
    end
    if v.limit and v.limit > 0 and v.playtime and v.playtime > math.floor(v.limit + 0.5) + v.limit_slack then
        reject("X3", "played longer than the time limit")
    end
    if forward and v.warmup and v.warmup_start and v.warmup_start ~= 0
        and (v.warmup_start > v.start or v.warmup ~= v.start - v.warmup_start) then
        reject("X6", "warmup is not the time between its start and the round's")
    end
    if not v.events then return end
    if v.pauses then
        local total = 0
        for _, event in ipairs(v.events) do total = total + event.sec end
        local open = v.pauses == #v.events + 1
        if (v.pauses ~= #v.events and not open) or total ~= v.paused then
            reject("X4", "the pause list does not add up to the pauses told")
        elseif open then
            suspect("X4", "a pause was still open at the end")
        end
    end
    if not forward then return end
    local last = v.start
    for at, event in ipairs(v.events) do
        local from, to = event.start, event["end"]
        if event.n ~= at or from > to or event.sec ~= math.max(1, to - from) or to > v.stop then
            reject("X5", "a pause with impossible times")
        elseif from < last and at == 1 then
            suspect("X5", "the first pause begins before the round")
        elseif from < last then
            reject("X5", "two pauses overlap")
        end
        last = to
    end
end

--- X7 to X10, X15, X17: how the round ended.
local function result(v, reject, suspect)
    if v.reason and v.limit and v.limit > 0 and v.playtime and v.playtime <= v.limit + 1
        and (v.reason == "time_expired") ~= (v.playtime >= 0.9 * v.limit) then
        suspect("X7", "the end reason does not go with the time played")
    end
    if v.reason == "surrender" and v.surrender and v.winner
        and (v.surrender == 0 or v.winner ~= 3 - v.surrender) then
        reject("X8", "a surrender that the surrendering side won")
    end
    if v.reason and v.reason ~= "surrender" and v.surrender and v.surrender > 0 then
        suspect("X9", "a surrender vote of a round that ended otherwise")
    end
    if v.reason == "objective" and v.winner and v.winner == v.defender then
        suspect("X10", "an objective that the defenders won: cut off, or a surrender that was not recorded")
    end
    if v.winner and v.axis_score and v.allies_score
        and (v.axis_score ~= (v.winner == 1 and 1 or 0) or v.allies_score ~= (v.winner == 2 and 1 or 0)) then
        suspect("X15", "the score is not this round's winner")
    end
    if v.playtime and v.playtime < GHOST_SECONDS then suspect("X17", "a round of less than 30 seconds") end
end

--- X11, X12, X16: who played.
local function players(v, reject, suspect)
    local side_of = {}
    for side, list in ipairs({ v.axis or {}, v.allies or {} }) do
        for _, player in ipairs(list) do
            if side_of[player.guid] and not is_bot(player.guid) then reject("X11", "one GUID stands there twice") end
            side_of[player.guid] = side
        end
    end
    if v.axis and v.allies and v.reason == "surrender" and v.caller and v.caller ~= "" and v.surrender
        and v.surrender > 0 and v.winner == 3 - v.surrender and side_of[v.caller] ~= v.surrender then
        suspect("X12", "the caller of the surrender is not on the side that surrendered")
    end
    if not (v.spawns and v.start and v.stop) or v.stop <= v.start then return end
    for _, player in ipairs(v.spawns) do
        if player.dead_seconds > v.stop - v.start then
            reject("X16", "a player was dead for longer than the round")
        elseif player.avg_respawn > player.max_respawn and player.spawns > player.deaths then
            suspect("X16", "an average wait above the longest")
        end
    end
end

--- X13, X14: the same facts told twice.
local function agreement(v, meta, named, reject)
    local pairs_ = {
        { v.map, meta.map, "map" }, { v.round, meta.round, "round" }, { v.start, meta.round_start_unix, "start" },
        { v.stop, meta.round_end_unix, "end" }, { v.playtime, meta.actual_duration_seconds, "duration" },
        { v.warmup, meta.warmup_seconds, "warmup" }, { v.paused, meta.pause_seconds, "pause seconds" },
        { v.pauses, meta.pause_count, "pause count" },
    }
    for _, pair in ipairs(pairs_) do
        if pair[1] and pair[1] ~= pair[2] then reject("X13", "meta and message differ in " .. pair[3]) end
    end
    if not named.map then return end
    if (v.map and named.map ~= file_map(v.map)) or (v.round and tonumber(named.round) ~= v.round)
        or (v.stop and tonumber(named.stop) ~= v.stop) then
        reject("X14", "the file name tells another map, round or end")
    end
end

return function(file)
    local verdict, rules, notes, seen = "accept", {}, {}, {}
    local function add(id, text)
        if seen[id] then return end
        seen[id] = true
        rules[#rules + 1] = id
        notes[#notes + 1] = id .. ": " .. text
    end
    local function suspect(id, text)
        add(id, text)
        if verdict == "accept" then verdict = "suspect" end
    end
    local function reject(id, text)
        add(id, text)
        verdict = "reject"
    end

    local fields, meta, named = shape(file, reject, suspect)
    if fields then
        local v = values(fields, file.now, reject, suspect)
        lists(fields, meta, v, reject)
        times(v, reject, suspect)
        result(v, reject, suspect)
        players(v, reject, suspect)
        agreement(v, meta, named, reject)
    end
    return { verdict = verdict, rules = rules, notes = notes }
end
