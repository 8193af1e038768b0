-- A database of layout 1, as the code of version 0.1.0 wrote it. Never changed: what it holds is on people's servers.
-- Passwords: “correct horse battery”. Ada's laptop has 490 more edits waiting than are here; see databases_of_layout_1.rs.
PRAGMA application_id = 1414747463;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    workspace INTEGER NOT NULL REFERENCES workspace,
    created INTEGER NOT NULL
) STRICT;
INSERT INTO "account" VALUES(1,X'37F7A27170084AD9B6C9F02CDDAAC42C','ada@example.org','$argon2id$v=19$m=19456,t=2,p=1$rf+D1tV90PzP1YCwjQvMog$sgsY82wnpvKZuUkS7aYcesd0DWtK4dI5I/zIpfg4K6Y',1,1795522972805);
INSERT INTO "account" VALUES(2,X'3E3FCCA1F7CF4BA2AF7B7C45BB91F0E4','bob@example.org','$argon2id$v=19$m=19456,t=2,p=1$wiC3LyixCvJGiFte7qpHjw$RzqiLhKzwAITj4i1beuuXfmSQB7gun/kgc3cxOB3rEA',2,1795522972836);
INSERT INTO "account" VALUES(3,X'67AD65499ABF435397F3202611AA1C86','carol@example.org','$argon2id$v=19$m=19456,t=2,p=1$iCfkkP540gc4bD+1Gs6+aw$RQu2RJhg2ZJp151UjUs3srh1qmat8KQaSzhXAfTYZ6k',3,1795522972867);
INSERT INTO "account" VALUES(4,X'02223CAA54C843D6B6B286104A5CF3B4','dan@example.org','$argon2id$v=19$m=19456,t=2,p=1$VCBYtGCj7GSdT+NkXjod8g$SktGoLhlAm8hjfQIjqz2t2JKpx2IVdSmXj1UtfqbwRk',4,1795522972896);
CREATE TABLE change (
    workspace INTEGER NOT NULL REFERENCES workspace,
    revision INTEGER NOT NULL,
    entity INTEGER NOT NULL REFERENCES entity,
    replica INTEGER NOT NULL REFERENCES replica,
    seq INTEGER NOT NULL,
    -- A JSON object: field → value, as the mutation set it.
    patch TEXT NOT NULL,
    -- By the device's clock.
    at INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    PRIMARY KEY (workspace, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO "change" VALUES(1,1,1,1,2,'{"completed":null,"priority":1,"title":"Task 1"}',1767225602000,1795522972904);
INSERT INTO "change" VALUES(1,2,2,1,5,'{"completed":null,"priority":2,"title":"Task 2"}',1767225605000,1795522972905);
INSERT INTO "change" VALUES(1,3,3,1,9,'{"completed":null,"priority":3,"title":"Task 3"}',1767225609000,1795522972906);
INSERT INTO "change" VALUES(1,4,4,1,10,'{"completed":null,"priority":4,"title":"Task 4"}',1767225610000,1795522972907);
INSERT INTO "change" VALUES(1,5,5,1,12,'{"completed":null,"priority":0,"title":"Task 5"}',1767225612000,1795522972908);
INSERT INTO "change" VALUES(1,6,6,1,15,'{"completed":null,"priority":1,"title":"Task 6"}',1767225615000,1795522972909);
INSERT INTO "change" VALUES(1,7,7,1,19,'{"completed":null,"priority":2,"title":"Task 7"}',1767225619000,1795522972910);
INSERT INTO "change" VALUES(1,8,8,1,20,'{"completed":null,"priority":3,"title":"Task 8"}',1767225620000,1795522972910);
INSERT INTO "change" VALUES(1,9,9,1,22,'{"completed":null,"priority":4,"title":"Task 9"}',1767225622000,1795522972911);
INSERT INTO "change" VALUES(1,10,10,1,25,'{"completed":null,"priority":0,"title":"Task 10"}',1767225625000,1795522972912);
INSERT INTO "change" VALUES(1,11,11,1,29,'{"completed":null,"priority":1,"title":"Task 11"}',1767225629000,1795522972913);
INSERT INTO "change" VALUES(1,12,12,1,30,'{"completed":null,"priority":2,"title":"Task 12"}',1767225630000,1795522972914);
INSERT INTO "change" VALUES(1,13,13,1,32,'{"completed":null,"priority":3,"title":"Task 13"}',1767225632000,1795522972915);
INSERT INTO "change" VALUES(1,14,14,1,35,'{"completed":null,"priority":4,"title":"Task 14"}',1767225635000,1795522972915);
INSERT INTO "change" VALUES(1,15,15,1,39,'{"completed":null,"priority":0,"title":"Task 15"}',1767225639000,1795522972916);
INSERT INTO "change" VALUES(1,16,16,1,40,'{"completed":null,"priority":1,"title":"Task 16"}',1767225640000,1795522972917);
INSERT INTO "change" VALUES(1,17,17,1,42,'{"completed":null,"priority":2,"title":"Task 17"}',1767225642000,1795522972918);
INSERT INTO "change" VALUES(1,18,18,1,45,'{"completed":null,"priority":3,"title":"Task 18"}',1767225645000,1795522972919);
INSERT INTO "change" VALUES(1,19,19,1,49,'{"completed":null,"priority":4,"title":"Task 19"}',1767225649000,1795522972920);
INSERT INTO "change" VALUES(1,20,20,1,50,'{"completed":null,"priority":0,"title":"Task 20"}',1767225650000,1795522972921);
INSERT INTO "change" VALUES(1,21,21,1,52,'{"completed":null,"priority":1,"title":"Task 21"}',1767225652000,1795522972921);
INSERT INTO "change" VALUES(1,22,22,1,55,'{"completed":null,"priority":2,"title":"Task 22"}',1767225655000,1795522972922);
INSERT INTO "change" VALUES(1,23,23,1,59,'{"completed":null,"priority":3,"title":"Task 23"}',1767225659000,1795522972923);
INSERT INTO "change" VALUES(1,24,24,1,60,'{"completed":null,"priority":4,"title":"Task 24"}',1767225660000,1795522972924);
INSERT INTO "change" VALUES(1,25,25,1,62,'{"completed":null,"priority":0,"title":"Task 25"}',1767225662000,1795522972925);
INSERT INTO "change" VALUES(1,26,26,1,65,'{"completed":null,"priority":1,"title":"Task 26"}',1767225665000,1795522972926);
INSERT INTO "change" VALUES(1,27,27,1,69,'{"completed":null,"priority":2,"title":"Task 27"}',1767225669000,1795522972926);
INSERT INTO "change" VALUES(1,28,28,1,70,'{"completed":null,"priority":3,"title":"Task 28"}',1767225670000,1795522972927);
INSERT INTO "change" VALUES(1,29,29,1,72,'{"completed":null,"priority":4,"title":"Task 29"}',1767225672000,1795522972928);
INSERT INTO "change" VALUES(1,30,30,1,75,'{"completed":null,"priority":0,"title":"Task 30"}',1767225675000,1795522972929);
INSERT INTO "change" VALUES(1,31,31,1,79,'{"completed":null,"priority":1,"title":"Task 31"}',1767225679000,1795522972930);
INSERT INTO "change" VALUES(1,32,32,1,80,'{"completed":null,"priority":2,"title":"Task 32"}',1767225680000,1795522972931);
INSERT INTO "change" VALUES(1,33,33,1,82,'{"completed":null,"priority":3,"title":"Task 33"}',1767225682000,1795522972931);
INSERT INTO "change" VALUES(1,34,34,1,85,'{"completed":null,"priority":4,"title":"Task 34"}',1767225685000,1795522972932);
INSERT INTO "change" VALUES(1,35,35,1,89,'{"completed":null,"priority":0,"title":"Task 35"}',1767225689000,1795522972933);
INSERT INTO "change" VALUES(1,36,36,1,90,'{"completed":null,"priority":1,"title":"Task 36"}',1767225690000,1795522972934);
INSERT INTO "change" VALUES(1,37,37,1,92,'{"completed":null,"priority":2,"title":"Task 37"}',1767225692000,1795522972935);
INSERT INTO "change" VALUES(1,38,38,1,95,'{"completed":null,"priority":3,"title":"Task 38"}',1767225695000,1795522972936);
INSERT INTO "change" VALUES(1,39,39,1,99,'{"completed":null,"priority":4,"title":"Task 39"}',1767225699000,1795522972937);
INSERT INTO "change" VALUES(1,40,40,1,100,'{"completed":null,"priority":0,"title":"Task 40"}',1767225700000,1795522972937);
INSERT INTO "change" VALUES(1,41,41,1,101,'{"flag":true,"name":"Groceries 買い物"}',1767225701000,1795522972938);
INSERT INTO "change" VALUES(1,42,42,1,102,'{"strokes":[-3,"a\"b",null]}',1767225702000,1795522972939);
INSERT INTO "change" VALUES(1,43,1,2,3,'{"title":"Task 1, renamed"}',1767225603000,1795522972941);
INSERT INTO "change" VALUES(1,44,2,2,6,'{"title":"Task 2, renamed"}',1767225606000,1795522972941);
INSERT INTO "change" VALUES(1,45,3,2,9,'{"title":"Task 3, renamed"}',1767225609000,1795522972942);
INSERT INTO "change" VALUES(1,46,4,2,12,'{"title":"Task 4, renamed"}',1767225612000,1795522972943);
INSERT INTO "change" VALUES(1,47,5,2,15,'{"title":"Task 5, renamed"}',1767225615000,1795522972944);
INSERT INTO "change" VALUES(1,48,6,2,18,'{"title":"Task 6, renamed"}',1767225618000,1795522972945);
INSERT INTO "change" VALUES(1,49,7,2,21,'{"title":"Task 7, renamed"}',1767225621000,1795522972946);
INSERT INTO "change" VALUES(1,50,8,2,24,'{"title":"Task 8, renamed"}',1767225624000,1795522972947);
INSERT INTO "change" VALUES(1,51,9,2,27,'{"title":"Task 9, renamed"}',1767225627000,1795522972948);
INSERT INTO "change" VALUES(1,52,10,2,30,'{"title":"Task 10, renamed"}',1767225630000,1795522972949);
INSERT INTO "change" VALUES(1,53,11,2,33,'{"title":"Task 11, renamed"}',1767225633000,1795522972949);
INSERT INTO "change" VALUES(1,54,12,2,36,'{"title":"Task 12, renamed"}',1767225636000,1795522972950);
INSERT INTO "change" VALUES(1,55,7,3,1,'{"notes":"first\nsecond"}',1767225601000,1795522972952);
INSERT INTO "change" VALUES(1,56,8,3,2,'{"notes":"first\nsecond"}',1767225602000,1795522972953);
INSERT INTO "change" VALUES(1,57,9,3,3,'{"notes":"first\nsecond"}',1767225603000,1795522972953);
INSERT INTO "change" VALUES(1,58,43,3,5,'{"base":"Task 3","entity":"01890a5d-ac96-774b-bcce-000000000003","field":"title","local":"Bob’s","remote":"Task 3, renamed"}',1767225605000,1795522972955);
INSERT INTO "change" VALUES(1,59,44,3,6,'{"base":"Task 3","entity":"01890a5d-ac96-774b-bcce-000000000003","field":"title","local":"Bob’s","remote":"Task 3, renamed"}',1767225606000,1795522972956);
INSERT INTO "change" VALUES(1,60,44,2,37,'{"resolved":1}',1767225637000,1795522972957);
INSERT INTO "change" VALUES(1,61,20,2,38,'{"deleted":1767225600000}',1767225638000,1795522972958);
INSERT INTO "change" VALUES(1,62,21,2,39,'{"deleted":1767225600000}',1767225639000,1795522972959);
INSERT INTO "change" VALUES(1,63,22,2,40,'{"deleted":1767225600000}',1767225640000,1795522972960);
INSERT INTO "change" VALUES(1,64,23,2,41,'{"deleted":1767225600000}',1767225641000,1795522972960);
INSERT INTO "change" VALUES(1,65,24,2,42,'{"deleted":1767225600000}',1767225642000,1795522972961);
INSERT INTO "change" VALUES(1,66,25,2,43,'{"deleted":1767225600000}',1767225643000,1795522972962);
INSERT INTO "change" VALUES(1,67,26,2,44,'{"deleted":1767225600000}',1767225644000,1795522972963);
INSERT INTO "change" VALUES(1,68,26,2,45,'{"deleted":null}',1767225645000,1795522972964);
INSERT INTO "change" VALUES(1,69,55,1,1001,'{"title":"Waiting 1"}',1767226601000,1795522972975);
INSERT INTO "change" VALUES(1,70,56,1,1002,'{"title":"Waiting 2"}',1767226602000,1795522972976);
INSERT INTO "change" VALUES(1,71,57,1,1003,'{"title":"Waiting 3"}',1767226603000,1795522972977);
INSERT INTO "change" VALUES(1,72,58,1,1004,'{"title":"Waiting 4"}',1767226604000,1795522972978);
INSERT INTO "change" VALUES(1,73,59,1,1005,'{"title":"Waiting 5"}',1767226605000,1795522972979);
INSERT INTO "change" VALUES(1,74,60,1,1006,'{"title":"Waiting 6"}',1767226606000,1795522972980);
INSERT INTO "change" VALUES(1,75,61,1,1007,'{"title":"Waiting 7"}',1767226607000,1795522972982);
INSERT INTO "change" VALUES(1,76,62,1,1008,'{"title":"Waiting 8"}',1767226608000,1795522972982);
INSERT INTO "change" VALUES(1,77,63,1,1009,'{"title":"Waiting 9"}',1767226609000,1795522972983);
INSERT INTO "change" VALUES(1,78,64,1,1010,'{"title":"Waiting 10"}',1767226610000,1795522972984);
INSERT INTO "change" VALUES(2,1,45,4,1,'{"title":"Bob 101"}',1767225601000,1795522972967);
INSERT INTO "change" VALUES(2,2,46,4,2,'{"title":"Bob 102"}',1767225602000,1795522972968);
INSERT INTO "change" VALUES(2,3,47,4,3,'{"title":"Bob 103"}',1767225603000,1795522972968);
INSERT INTO "change" VALUES(2,4,48,4,4,'{"title":"Bob 104"}',1767225604000,1795522972969);
INSERT INTO "change" VALUES(2,5,49,4,5,'{"title":"Bob 105"}',1767225605000,1795522972970);
INSERT INTO "change" VALUES(2,6,50,4,6,'{"title":"Bob 106"}',1767225606000,1795522972971);
INSERT INTO "change" VALUES(2,7,51,4,7,'{"title":"Bob 107"}',1767225607000,1795522972971);
INSERT INTO "change" VALUES(2,8,52,4,8,'{"title":"Bob 108"}',1767225608000,1795522972972);
INSERT INTO "change" VALUES(2,9,53,4,9,'{"title":"Bob 109"}',1767225609000,1795522972973);
INSERT INTO "change" VALUES(2,10,54,4,10,'{"title":"Bob 110"}',1767225610000,1795522972974);
CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace,
    uuid BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- A JSON object: field → [value, revision].
    fields TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    UNIQUE (workspace, uuid)
) STRICT;
INSERT INTO "entity" VALUES(1,1,X'01890A5DAC96774BBCCE000000000001','task','{"completed":[null,1],"priority":[1,1],"title":["Task 1, renamed",43]}',43,0);
INSERT INTO "entity" VALUES(2,1,X'01890A5DAC96774BBCCE000000000002','task','{"completed":[null,2],"priority":[2,2],"title":["Task 2, renamed",44]}',44,0);
INSERT INTO "entity" VALUES(3,1,X'01890A5DAC96774BBCCE000000000003','task','{"completed":[null,3],"priority":[3,3],"title":["Task 3, renamed",45]}',45,0);
INSERT INTO "entity" VALUES(4,1,X'01890A5DAC96774BBCCE000000000004','task','{"completed":[null,4],"priority":[4,4],"title":["Task 4, renamed",46]}',46,0);
INSERT INTO "entity" VALUES(5,1,X'01890A5DAC96774BBCCE000000000005','task','{"completed":[null,5],"priority":[0,5],"title":["Task 5, renamed",47]}',47,0);
INSERT INTO "entity" VALUES(6,1,X'01890A5DAC96774BBCCE000000000006','task','{"completed":[null,6],"priority":[1,6],"title":["Task 6, renamed",48]}',48,0);
INSERT INTO "entity" VALUES(7,1,X'01890A5DAC96774BBCCE000000000007','task','{"completed":[null,7],"notes":["first\nsecond",55],"priority":[2,7],"title":["Task 7, renamed",49]}',55,0);
INSERT INTO "entity" VALUES(8,1,X'01890A5DAC96774BBCCE000000000008','task','{"completed":[null,8],"notes":["first\nsecond",56],"priority":[3,8],"title":["Task 8, renamed",50]}',56,0);
INSERT INTO "entity" VALUES(9,1,X'01890A5DAC96774BBCCE000000000009','task','{"completed":[null,9],"notes":["first\nsecond",57],"priority":[4,9],"title":["Task 9, renamed",51]}',57,0);
INSERT INTO "entity" VALUES(10,1,X'01890A5DAC96774BBCCE00000000000A','task','{"completed":[null,10],"priority":[0,10],"title":["Task 10, renamed",52]}',52,0);
INSERT INTO "entity" VALUES(11,1,X'01890A5DAC96774BBCCE00000000000B','task','{"completed":[null,11],"priority":[1,11],"title":["Task 11, renamed",53]}',53,0);
INSERT INTO "entity" VALUES(12,1,X'01890A5DAC96774BBCCE00000000000C','task','{"completed":[null,12],"priority":[2,12],"title":["Task 12, renamed",54]}',54,0);
INSERT INTO "entity" VALUES(13,1,X'01890A5DAC96774BBCCE00000000000D','task','{"completed":[null,13],"priority":[3,13],"title":["Task 13",13]}',13,0);
INSERT INTO "entity" VALUES(14,1,X'01890A5DAC96774BBCCE00000000000E','task','{"completed":[null,14],"priority":[4,14],"title":["Task 14",14]}',14,0);
INSERT INTO "entity" VALUES(15,1,X'01890A5DAC96774BBCCE00000000000F','task','{"completed":[null,15],"priority":[0,15],"title":["Task 15",15]}',15,0);
INSERT INTO "entity" VALUES(16,1,X'01890A5DAC96774BBCCE000000000010','task','{"completed":[null,16],"priority":[1,16],"title":["Task 16",16]}',16,0);
INSERT INTO "entity" VALUES(17,1,X'01890A5DAC96774BBCCE000000000011','task','{"completed":[null,17],"priority":[2,17],"title":["Task 17",17]}',17,0);
INSERT INTO "entity" VALUES(18,1,X'01890A5DAC96774BBCCE000000000012','task','{"completed":[null,18],"priority":[3,18],"title":["Task 18",18]}',18,0);
INSERT INTO "entity" VALUES(19,1,X'01890A5DAC96774BBCCE000000000013','task','{"completed":[null,19],"priority":[4,19],"title":["Task 19",19]}',19,0);
INSERT INTO "entity" VALUES(20,1,X'01890A5DAC96774BBCCE000000000014','task','{"completed":[null,20],"deleted":[1767225600000,61],"priority":[0,20],"title":["Task 20",20]}',61,1);
INSERT INTO "entity" VALUES(21,1,X'01890A5DAC96774BBCCE000000000015','task','{"completed":[null,21],"deleted":[1767225600000,62],"priority":[1,21],"title":["Task 21",21]}',62,1);
INSERT INTO "entity" VALUES(22,1,X'01890A5DAC96774BBCCE000000000016','task','{"completed":[null,22],"deleted":[1767225600000,63],"priority":[2,22],"title":["Task 22",22]}',63,1);
INSERT INTO "entity" VALUES(23,1,X'01890A5DAC96774BBCCE000000000017','task','{"completed":[null,23],"deleted":[1767225600000,64],"priority":[3,23],"title":["Task 23",23]}',64,1);
INSERT INTO "entity" VALUES(24,1,X'01890A5DAC96774BBCCE000000000018','task','{"completed":[null,24],"deleted":[1767225600000,65],"priority":[4,24],"title":["Task 24",24]}',65,1);
INSERT INTO "entity" VALUES(25,1,X'01890A5DAC96774BBCCE000000000019','task','{"completed":[null,25],"deleted":[1767225600000,66],"priority":[0,25],"title":["Task 25",25]}',66,1);
INSERT INTO "entity" VALUES(26,1,X'01890A5DAC96774BBCCE00000000001A','task','{"completed":[null,26],"deleted":[null,68],"priority":[1,26],"title":["Task 26",26]}',68,0);
INSERT INTO "entity" VALUES(27,1,X'01890A5DAC96774BBCCE00000000001B','task','{"completed":[null,27],"priority":[2,27],"title":["Task 27",27]}',27,0);
INSERT INTO "entity" VALUES(28,1,X'01890A5DAC96774BBCCE00000000001C','task','{"completed":[null,28],"priority":[3,28],"title":["Task 28",28]}',28,0);
INSERT INTO "entity" VALUES(29,1,X'01890A5DAC96774BBCCE00000000001D','task','{"completed":[null,29],"priority":[4,29],"title":["Task 29",29]}',29,0);
INSERT INTO "entity" VALUES(30,1,X'01890A5DAC96774BBCCE00000000001E','task','{"completed":[null,30],"priority":[0,30],"title":["Task 30",30]}',30,0);
INSERT INTO "entity" VALUES(31,1,X'01890A5DAC96774BBCCE00000000001F','task','{"completed":[null,31],"priority":[1,31],"title":["Task 31",31]}',31,0);
INSERT INTO "entity" VALUES(32,1,X'01890A5DAC96774BBCCE000000000020','task','{"completed":[null,32],"priority":[2,32],"title":["Task 32",32]}',32,0);
INSERT INTO "entity" VALUES(33,1,X'01890A5DAC96774BBCCE000000000021','task','{"completed":[null,33],"priority":[3,33],"title":["Task 33",33]}',33,0);
INSERT INTO "entity" VALUES(34,1,X'01890A5DAC96774BBCCE000000000022','task','{"completed":[null,34],"priority":[4,34],"title":["Task 34",34]}',34,0);
INSERT INTO "entity" VALUES(35,1,X'01890A5DAC96774BBCCE000000000023','task','{"completed":[null,35],"priority":[0,35],"title":["Task 35",35]}',35,0);
INSERT INTO "entity" VALUES(36,1,X'01890A5DAC96774BBCCE000000000024','task','{"completed":[null,36],"priority":[1,36],"title":["Task 36",36]}',36,0);
INSERT INTO "entity" VALUES(37,1,X'01890A5DAC96774BBCCE000000000025','task','{"completed":[null,37],"priority":[2,37],"title":["Task 37",37]}',37,0);
INSERT INTO "entity" VALUES(38,1,X'01890A5DAC96774BBCCE000000000026','task','{"completed":[null,38],"priority":[3,38],"title":["Task 38",38]}',38,0);
INSERT INTO "entity" VALUES(39,1,X'01890A5DAC96774BBCCE000000000027','task','{"completed":[null,39],"priority":[4,39],"title":["Task 39",39]}',39,0);
INSERT INTO "entity" VALUES(40,1,X'01890A5DAC96774BBCCE000000000028','task','{"completed":[null,40],"priority":[0,40],"title":["Task 40",40]}',40,0);
INSERT INTO "entity" VALUES(41,1,X'01890A5DAC96774BBCCE000000000032','list','{"flag":[true,41],"name":["Groceries 買い物",41]}',41,0);
INSERT INTO "entity" VALUES(42,1,X'01890A5DAC96774BBCCE000000000033','drawing','{"strokes":[[-3,"a\"b",null],42]}',42,0);
INSERT INTO "entity" VALUES(43,1,X'01890A5DAC96774BBCCE00000000003C','conflict','{"base":["Task 3",58],"entity":["01890a5d-ac96-774b-bcce-000000000003",58],"field":["title",58],"local":["Bob’s",58],"remote":["Task 3, renamed",58]}',58,0);
INSERT INTO "entity" VALUES(44,1,X'01890A5DAC96774BBCCE00000000003D','conflict','{"base":["Task 3",59],"entity":["01890a5d-ac96-774b-bcce-000000000003",59],"field":["title",59],"local":["Bob’s",59],"remote":["Task 3, renamed",59],"resolved":[1,60]}',60,0);
INSERT INTO "entity" VALUES(45,2,X'01890A5DAC96774BBCCE000000000065','task','{"title":["Bob 101",1]}',1,0);
INSERT INTO "entity" VALUES(46,2,X'01890A5DAC96774BBCCE000000000066','task','{"title":["Bob 102",2]}',2,0);
INSERT INTO "entity" VALUES(47,2,X'01890A5DAC96774BBCCE000000000067','task','{"title":["Bob 103",3]}',3,0);
INSERT INTO "entity" VALUES(48,2,X'01890A5DAC96774BBCCE000000000068','task','{"title":["Bob 104",4]}',4,0);
INSERT INTO "entity" VALUES(49,2,X'01890A5DAC96774BBCCE000000000069','task','{"title":["Bob 105",5]}',5,0);
INSERT INTO "entity" VALUES(50,2,X'01890A5DAC96774BBCCE00000000006A','task','{"title":["Bob 106",6]}',6,0);
INSERT INTO "entity" VALUES(51,2,X'01890A5DAC96774BBCCE00000000006B','task','{"title":["Bob 107",7]}',7,0);
INSERT INTO "entity" VALUES(52,2,X'01890A5DAC96774BBCCE00000000006C','task','{"title":["Bob 108",8]}',8,0);
INSERT INTO "entity" VALUES(53,2,X'01890A5DAC96774BBCCE00000000006D','task','{"title":["Bob 109",9]}',9,0);
INSERT INTO "entity" VALUES(54,2,X'01890A5DAC96774BBCCE00000000006E','task','{"title":["Bob 110",10]}',10,0);
INSERT INTO "entity" VALUES(55,1,X'01890A5DAC96774BBCCE0000000003E9','task','{"title":["Waiting 1",69]}',69,0);
INSERT INTO "entity" VALUES(56,1,X'01890A5DAC96774BBCCE0000000003EA','task','{"title":["Waiting 2",70]}',70,0);
INSERT INTO "entity" VALUES(57,1,X'01890A5DAC96774BBCCE0000000003EB','task','{"title":["Waiting 3",71]}',71,0);
INSERT INTO "entity" VALUES(58,1,X'01890A5DAC96774BBCCE0000000003EC','task','{"title":["Waiting 4",72]}',72,0);
INSERT INTO "entity" VALUES(59,1,X'01890A5DAC96774BBCCE0000000003ED','task','{"title":["Waiting 5",73]}',73,0);
INSERT INTO "entity" VALUES(60,1,X'01890A5DAC96774BBCCE0000000003EE','task','{"title":["Waiting 6",74]}',74,0);
INSERT INTO "entity" VALUES(61,1,X'01890A5DAC96774BBCCE0000000003EF','task','{"title":["Waiting 7",75]}',75,0);
INSERT INTO "entity" VALUES(62,1,X'01890A5DAC96774BBCCE0000000003F0','task','{"title":["Waiting 8",76]}',76,0);
INSERT INTO "entity" VALUES(63,1,X'01890A5DAC96774BBCCE0000000003F1','task','{"title":["Waiting 9",77]}',77,0);
INSERT INTO "entity" VALUES(64,1,X'01890A5DAC96774BBCCE0000000003F2','task','{"title":["Waiting 10",78]}',78,0);
CREATE TABLE membership (
    workspace INTEGER NOT NULL REFERENCES workspace,
    account INTEGER NOT NULL REFERENCES account,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    PRIMARY KEY (workspace, account)
) STRICT, WITHOUT ROWID;
INSERT INTO "membership" VALUES(1,1,'owner');
INSERT INTO "membership" VALUES(1,2,'editor');
INSERT INTO "membership" VALUES(1,3,'viewer');
INSERT INTO "membership" VALUES(2,2,'owner');
INSERT INTO "membership" VALUES(3,3,'owner');
INSERT INTO "membership" VALUES(4,4,'owner');
CREATE TABLE refresh_token (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    sign_in INTEGER NOT NULL REFERENCES sign_in ON DELETE CASCADE,
    expires INTEGER NOT NULL,
    -- When its successor was given out.
    rotated INTEGER
) STRICT;
INSERT INTO "refresh_token" VALUES(1,X'8B634EC2ECA74D32033000708AF7608ABA53A116EFD52BFB55281B2874BD7C64',1,1800706972805,NULL);
INSERT INTO "refresh_token" VALUES(2,X'60FA6C767914EE71513FAD0054C35FA10440A67D9AFA6CE11E9E1E4526A19377',2,1800706972836,NULL);
INSERT INTO "refresh_token" VALUES(3,X'099ABF2DCB094F8094E4F13A4369F11FED4B5CC2CD06A0472F978E528D5BFE3D',3,1800706972867,NULL);
INSERT INTO "refresh_token" VALUES(4,X'2E7447AACD5518BD58C6B99976EBC81417492867F57E2FAC759C1911DF81B7C8',4,1800706972896,NULL);
INSERT INTO "refresh_token" VALUES(5,X'480618EA8E3C7D655538F264795D21E65EC254AEA6F1178552EAA40F2122FED7',5,1800706973012,NULL);
CREATE TABLE replica (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace,
    uuid BLOB NOT NULL,
    account INTEGER NOT NULL REFERENCES account,
    device TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (workspace, uuid)
) STRICT;
INSERT INTO "replica" VALUES(1,1,X'000000000000000000000000000000A1',1,'Ada’s laptop',1795522972904);
INSERT INTO "replica" VALUES(2,1,X'000000000000000000000000000000A2',1,'Ada’s phone',1795522972941);
INSERT INTO "replica" VALUES(3,1,X'000000000000000000000000000000B1',2,'Bob’s desk',1795522972952);
INSERT INTO "replica" VALUES(4,2,X'000000000000000000000000000000B2',2,'Bob’s desk',1795522972967);
CREATE TABLE sign_in (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES account,
    device TEXT NOT NULL,
    created INTEGER NOT NULL,
    revoked INTEGER
) STRICT;
INSERT INTO "sign_in" VALUES(1,X'5CC053026FAB4A0397B44A4704822CF3',1,'',1795522972805,NULL);
INSERT INTO "sign_in" VALUES(2,X'5DA44EDB63F541EB923FDDA7DCB913F5',2,'',1795522972836,NULL);
INSERT INTO "sign_in" VALUES(3,X'25C4828E9D4D45E5959CC20D0935B415',3,'',1795522972867,NULL);
INSERT INTO "sign_in" VALUES(4,X'77794CD2DBBE4B5C84E69757C05544C0',4,'',1795522972896,NULL);
INSERT INTO "sign_in" VALUES(5,X'8B1FCAFD9632479BA707AC3B0DF20D4F',2,'',1795522973012,NULL);
CREATE TABLE workspace (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    epoch BLOB NOT NULL,
    -- The counter that gives revisions: read and moved only inside the committing transaction.
    revision INTEGER NOT NULL DEFAULT 0,
    entities INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
) STRICT;
INSERT INTO "workspace" VALUES(1,X'BCAAE0DD53A84F5299D6D50462143DE2',X'166C8B52EB514FECA176D536249CB738',78,54,1795522972805);
INSERT INTO "workspace" VALUES(2,X'374DDA3AC28049008EA162913CE0F2D6',X'3DE46241AAAB450F94C9C0E10DCFBA87',10,10,1795522972836);
INSERT INTO "workspace" VALUES(3,X'58E244AD5EBC4E8D976EB368BAFDF7A6',X'740B55F4CB36454BA9550A0DA2603A7C',0,0,1795522972867);
INSERT INTO "workspace" VALUES(4,X'36CBFE7019404CFEB0D75E57F4D496B9',X'2A2622B6DB9B43E9A9CA61DCF638CCA3',0,0,1795522972896);
CREATE INDEX sign_in_account ON sign_in (account);
CREATE INDEX refresh_token_sign_in ON refresh_token (sign_in);
CREATE UNIQUE INDEX receipt ON change (replica, seq);
COMMIT;
