META
key;value
description;A made district
country;Thailand
unit;made for the tests
num_projects;12
num_votes;120
budget;600000
vote_type;approval
rule;unknown
currency;THB
PROJECTS
project_id;cost;votes;name
p1;120000;56;Project 1
p2;65000;37;Project 2
p3;145000;44;Project 3
p4;225000;36;Project 4
p5;35000;18;Project 5
p6;40000;31;Project 6
p7;190000;20;Project 7
p8;50000;16;Project 8
p9;135000;6;Project 9
p10;205000;13;Project 10
p11;35000;12;Project 11
p12;180000;14;Project 12
VOTES
voter_id;vote
1;p1,p4,p6,p8,p12
2;p2,p4,p10
3;p3,p11
4;p2,p3
5;p1,p2,p3
6;p10
7;p4,p8,p9
8;p3,p8
9;p1,p3,p6,p7
10;p1,p4,p10
11;p8,p10
12;p3,p7
13;p2,p4,p5
14;p2,p3
15;p4
16;p3
17;p2,p3,p4,p11
18;p1,p6
19;p3,p4,p6
20;p1,p4,p5
21;p1,p4,p6
22;p3,p12
23;p1,p2,p3,p8
24;p1,p2
25;p3,p4,p7
26;p1,p2,p6,p12
27;p1
28;p3
29;p10
30;p6
31;p1,p3,p4,p5
32;p1,p3
33;p1,p3,p4,p6,p10
34;p11
35;p10
36;p1,p8
37;p1,p2,p3,p6,p10
38;p1,p10
39;p1,p4,p6,p8,p9
40;p8
41;p2,p3,p11
42;p1,p4,p6,p7,p9
43;p2
44;p1
45;p6,p12
46;p7
47;p1,p4,p5,p6
48;p1,p5,p8,p10
49;p3,p6,p11
50;p1,p5
51;p1,p5,p8
52;p2,p5,p6,p12
53;p3,p5,p7
54;p3
55;p1,p3,p4
56;p6
57;p3
58;p2,p7,p11
59;p4
60;p2,p5,p6,p7,p11
61;p2,p3
62;p1,p2,p6,p7
63;p3
64;p3,p4,p6
65;p1
66;p1,p2,p5,p6
67;p3,p6,p9
68;p12
69;p1,p2,p11
70;p3,p12
71;p2,p4,p10,p12
72;p5,p8
73;p2
74;p1
75;p1
76;p1,p6,p10,p12
77;p2,p3,p4
78;p1
79;p1,p2,p3
80;p1,p2,p5,p6
81;p12
82;p2,p4,p12
83;p1
84;p1,p6
85;p6
86;p1,p6,p8
87;p2,p3,p6
88;p1,p2
89;p1,p3,p7
90;p2,p5,p6,p7,p9
91;p1,p4,p5,p7
92;p1,p4,p5,p6
93;p1
94;p12
95;p1
96;p1,p3,p4,p7
97;p2
98;p2
99;p1,p7,p8
100;p7
101;p1,p2,p5,p8,p11
102;p3,p4,p7,p12
103;p1,p4,p7,p9
104;p1
105;p3,p7
106;p2,p3
107;p3,p4
108;p1,p2,p8
109;p3,p4
110;p2,p3,p4
111;p3,p4,p7
112;p1,p2,p11
113;p1,p2,p3,p4
114;p1,p4,p10
115;p4,p11,p12
116;p1,p4,p11
117;p1
118;p2,p7,p8
119;p1,p3,p5,p6
120;p3,p4,p6
