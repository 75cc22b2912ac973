-- Which blocks a file touches and how the files there are called is read from this index alone: the table's own pages
-- carry the contents.
drop index artifact_by_stamp;
create index artifact_by_stamp on artifact (server, kind, stamp, round_number, name);
