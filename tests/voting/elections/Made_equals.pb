META
key;value
description;Equal costs and few voters, so that equals are met
country;Thailand
unit;made for the tests
num_projects;8
num_votes;36
budget;120000
vote_type;approval
rule;unknown
currency;THB
PROJECTS
project_id;cost;votes;name
p1;30000;15;Project 1
p2;30000;10;Project 2
p3;30000;11;Project 3
p4;30000;5;Project 4
p5;30000;10;Project 5
p6;45000;5;Project 6
p7;45000;4;Project 7
p8;45000;3;Project 8
VOTES
voter_id;vote
1;p1,p2,p6
2;p1
3;p1
4;p1
5;p3
6;p1,p5
7;p5
8;p1,p2,p5
9;p2,p5
10;p1
11;p2
12;p7
13;p3,p5
14;p1,p2
15;p1,p5,p6
16;p1,p4
17;p1,p4
18;p4,p6
19;p3,p5
20;p1
21;p3,p7
22;p2,p4
23;p3,p8
24;p3,p6
25;p1,p2
26;p2
27;p2
28;p3,p5
29;p5
30;p3,p7
31;p6,p7
32;p1,p3
33;p8
34;p2,p3,p5
35;p1
36;p3,p4,p8
