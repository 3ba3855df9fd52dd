/* Ring formation as membership/totem does it, small enough to be searched to the end: N nodes, any connectivity,
 * verdicts of the links that come in any order, joins and commit tokens that are read late or lost with a link.
 * Names are those of the code (gather.cpp, on_join.cpp, peers.cpp, commit.cpp, choose.cpp). What is left out and why:
 * docs/internals/model.md. Run by `make verify` through tests/model/run.
 *
 *   -DN=3|4          nodes
 *   -DSTART_SINGLE   every node alone in its ring at first; else all in one ring
 *   -DCHANGES=1|2    how often the connectivity changes; after the last change it stays
 *   -DPROMPT         the links' verdicts come within one round of frames; without: at any time
 */
#ifndef N
#define N 3
#endif
#ifndef PLANT
#define PLANT 0             /* 1, 2: a mistake put in on purpose, which the search must find */
#endif
#ifndef CHANGES
#define CHANGES 1
#endif
#ifndef MAX_INSTALLS
#define MAX_INSTALLS 4     /* by one node, after the connectivity has changed for the last time */
#endif
#ifndef MAX_TIMEOUTS
#define MAX_TIMEOUTS 24    /* long timers (consensus, token) in one run: more means that nothing settles */
#endif

#define ALL ((1 << N) - 1)
#define BIT(i) (1 << (i))
#define HAS(set, i) (((set) >> (i)) & 1)
#define SUBSET(a, b) (((a) & ~(b)) == 0)
#define SEQ(ring) ((ring) >> 2)        /* a ring id is its number and its representative */
#define RING(seq, rep) (((seq) << 2) | (rep))

#define Operational 0
#define Gather 1
#define Commit 2
#define Recovery 3

#define nothing 0
#define join 1
#define merge_detect 2
#define refusal 3

typedef Node {
  byte state;
  byte ring, members;             /* installed */
  byte known_ring_seq, committed_ring_seq;
  byte up;                        /* the links' verdict */
  bit quorate;
  /* gather */
  byte proposal, suspects, refused;
  bit agreed, contested, contested_over, resent;
  byte j_quorate, joins;          /* of whom a join of this episode is known */
  byte j_proposal[N], j_hears[N], j_old[N], j_spoke[N];
  /* what was heard outside of gather */
  byte heard, h_quorate, h_hears[N], h_members[N], h_old[N];
  bit announced, evaluated, weighed;  /* the merge timer has fired since something changed; evaluate_merge; better_ring */
  byte let_in;                    /* strangers let in at their own request within the last merge interval */
  byte tried, waiting;            /* strangers hoped for in this episode; those it was in vain with: not_before */
  /* commit and recovery */
  byte attempt, attempt_set, dissent;
  /* what this node said last, and who has yet to read it */
  byte said, s_proposal, s_hears, s_spoke, s_members, s_old, s_seq;
  bit s_quorate;
  /* the same as the others can read it in this round */
  byte r_said, r_proposal, r_hears, r_spoke, r_members, r_old, r_seq;
  bit r_quorate;
  byte unread, refuses;           /* who has yet to read it in this round; to whom a refusal is under way */
  byte unread_next, refuses_next; /* the same for the next round */
  /* the commit or ring token it sent last: 0 none, 1 first pass, 2 second pass, 3 regular */
  byte token, t_ring, t_set;
  bit t_next;                     /* sent in this round, arrives in the next */
  byte r_token, r_ring, r_set;    /* what arrives in this round; sent again for as long as the sender is in that attempt */
  byte installs;
}
Node node[N];
byte conn[N];                     /* conn[i] has j: frames from i reach j and back */
byte changes_left = CHANGES;
byte timeouts = 0;
bit changing = 0;
byte turn = N;                    /* whose turn it is in this round; N between rounds */

/* scratch, never part of a decision across steps */
hidden byte x, y, count, part, set, keeps, quorate_rings, every_word, better, left_over, hears, cand, k_hears;
byte kx, z;                       /* only of `change`; 0 otherwise */
hidden byte ok, found, do_enter, do_refresh, do_resend, resent_now, new_ring;
hidden byte cut[N], rings[N];
hidden short worth, best_worth;

/* ---- choose.cpp -------------------------------------------------------------------------------------------------- */

/* What is known of a candidate: its join, else what it told as a member of a ring, else that it is of our ring. */
#define JOINED(i, who) HAS(node[i].joins, who)
#define TOLD(i, who) (HAS(node[i].heard, who) && (every_word || node[i].h_members[who] != 0))
#define KNOWN(i, who) ((who) == (i) || JOINED(i, who) || TOLD(i, who))
#define OLD(i, who) ((who) == (i) -> node[i].ring : (JOINED(i, who) -> node[i].j_old[who] : (TOLD(i, who) -> node[i].h_old[who] : \
  (HAS(node[i].members, who) -> node[i].ring : 255))))
#define QUORATE(i, who) ((who) == (i) -> node[i].quorate : (JOINED(i, who) -> HAS(node[i].j_quorate, who) : \
  (TOLD(i, who) -> HAS(node[i].h_quorate, who) : 0)))
#define HEARS(i, who, whom) ((who) == (i) -> HAS(hears, whom) : (JOINED(i, who) -> HAS(node[i].j_hears[who], whom) : \
  (TOLD(i, who) -> HAS(node[i].h_hears[who], whom) : 1)))

/* Sets cut[]: with whom each candidate is not connected; rings[]: the candidates of its old ring; quorate_rings. */
inline table_of(i) {
  x = 0; quorate_rings = 0;
  do
  :: x < N ->
     cut[x] = 0; rings[x] = 0; y = 0;
     do
     :: y < N ->
        if :: HAS(cand, x) && HAS(cand, y) && x != y && !(HEARS(i, x, y) && HEARS(i, y, x)) -> cut[x] = cut[x] | BIT(y) :: else fi;
        if :: HAS(cand, x) && HAS(cand, y) && OLD(i, x) == OLD(i, y) && OLD(i, x) != 255 -> rings[x] = rings[x] | BIT(y) :: else fi;
        y++
     :: else -> break
     od;
     if :: HAS(cand, x) && QUORATE(i, x) -> quorate_rings = quorate_rings | rings[x] :: else fi;
     x++
  :: else -> break
  od
}

#define CARD(s) (HAS(s, 0) + HAS(s, 1) + HAS(s, 2) + HAS(s, 3))
#define LOWEST(s) ((s) & (~(s) + 1) & 255)

/* Worth of a complete set as one number, greater is better: keeps a quorate ring, votes, size, most from one ring. */
inline worth_of(i, set) {
  y = 0; worth = 0; count = 0;
  do
  :: y < N ->
     if
     :: HAS(set, y) ->
        if :: KNOWN(i, y) -> worth = worth + 64 :: else fi;
        worth = worth + 8;
        if :: CARD((rings[y] & set)) > count -> count = CARD((rings[y] & set)) :: else fi;
        if :: HAS(quorate_rings, y) && 2 * CARD((rings[y] & set)) > CARD(rings[y]) -> keeps = 1 :: else fi
     :: else
     fi;
     y++
  :: else -> break
  od;
  worth = worth + count;
  if :: keeps -> worth = worth + 512; keeps = 0 :: else fi
}

/* In: hears, cand. Out: part = choose_members(i, cand). The code searches the complete sets; here all are looked at. */
inline choose_members(i) {
  table_of(i);
  left_over = cand;
  do
  :: true ->
     part = 0; best_worth = 0; set = 1;
     do
     :: set <= ALL ->
        if
        :: SUBSET(set, left_over) && ((!HAS(set, 0) || (cut[0] & set) == 0) && (!HAS(set, 1) || (cut[1] & set) == 0) &&
             (!HAS(set, 2) || (cut[2] & set) == 0) && (!HAS(set, 3) || (cut[N - 1] & set) == 0)) ->
           worth_of(i, set);
           if
           :: worth > best_worth || (worth == best_worth && (LOWEST((set ^ part)) & set) != 0) -> part = set; best_worth = worth
           :: else
           fi
        :: else
        fi;
        set++
     :: else -> break
     od;
     if
     :: HAS(part, i) -> break
     :: else -> left_over = left_over & ~part
     fi
  od
}

inline publish(i, kind, the_proposal, the_hears) {
  node[i].said = kind; node[i].s_spoke = (kind == join -> node[i].joins : 0); node[i].s_proposal = the_proposal; node[i].s_hears = the_hears;
  node[i].s_members = node[i].members; node[i].s_old = node[i].ring; node[i].s_seq = node[i].known_ring_seq; node[i].s_quorate = node[i].quorate;
  node[i].unread_next = ALL & ~BIT(i)
}

inline forget_joins(i) {
  node[i].joins = 0; node[i].j_quorate = 0; x = 0;
  do :: x < N -> node[i].j_proposal[x] = 0; node[i].j_hears[x] = 0; node[i].j_old[x] = 0; node[i].j_spoke[x] = 0; x++ :: else -> break od
}

/* ---- commit.cpp, recovery.cpp, operational.cpp ------------------------------------------------------------------- */

inline announce(i) { publish(i, merge_detect, 0, node[i].up) }

inline enter_operational(i) {
  node[i].state = Operational;
  /* the transitional configuration: quorum is withdrawn at once, granted only when the ring is complete (grant) */
  node[i].quorate = 0;
  /* settle_backoff */
  node[i].waiting = node[i].waiting | (node[i].tried & ~node[i].attempt_set); node[i].tried = 0;
  node[i].ring = node[i].attempt; node[i].members = node[i].attempt_set;
  node[i].proposal = 0; node[i].suspects = 0; node[i].refused = 0; node[i].agreed = 0; node[i].contested = 0;
  node[i].contested_over = 0; node[i].resent = 0; node[i].attempt = 0; node[i].attempt_set = 0; node[i].dissent = 0;
  forget_joins(i); node[i].announced = 0; node[i].evaluated = 0; node[i].weighed = 0;
  if :: changes_left == 0 && !changing -> node[i].installs++; assert(node[i].installs <= MAX_INSTALLS) :: else fi;
  announce(i)
}

inline enter_commit(i, the_ring, the_set) {
  node[i].state = Commit; node[i].attempt = the_ring; node[i].attempt_set = the_set; node[i].dissent = 0;
  if :: node[i].known_ring_seq < SEQ(the_ring) -> node[i].known_ring_seq = SEQ(the_ring) :: else fi;
  node[i].committed_ring_seq = SEQ(the_ring);
  node[i].token = 1; node[i].t_next = 1; node[i].t_ring = the_ring; node[i].t_set = the_set
}

inline create_commit(i) {
  assert(node[i].known_ring_seq < 60);
  new_ring = RING(node[i].known_ring_seq + 1, i);
  enter_commit(i, new_ring, node[i].proposal);
  if :: node[i].proposal == BIT(i) -> enter_operational(i) :: else fi
}

/* ---- better.cpp ---------------------------------------------------------------------------------------------------- */

/* Out: better */
inline better_ring(i) {
  cand = BIT(i); better = 0; x = 0;
  do
  :: x < N ->
     if
     :: HAS(node[i].heard, x) ->
        if :: !HAS(node[i].waiting, x) -> cand = cand | BIT(x) :: else fi
     :: else
     fi;
     x++
  :: else -> break
  od;
  if
  :: !node[i].quorate ->
     every_word = 1; hears = node[i].up;
     choose_members(i);
     every_word = 0;
     better = part; x = 0;
     do
     :: x < N ->
        if
        :: HAS(part, x) ->
           set = (x == i -> node[i].members : node[i].h_members[x]);
           if :: !(x != i && set == 0) && (!SUBSET(set, cand) || CARD(set) >= CARD(part)) -> better = 0 :: else fi
        :: else
        fi;
        /* A quorate ring decides for itself, so it must come whole. */
        if
        :: HAS(node[i].heard, x) && HAS(node[i].h_quorate, x) && !HAS(node[i].members, x) &&
           (node[i].h_members[x] == 0 || !SUBSET(node[i].h_members[x], part)) -> better = 0
        :: else
        fi;
        x++
     :: else -> break
     od
  :: else
  fi
}

/* ---- gather.cpp -------------------------------------------------------------------------------------------------- */

inline workable(i) { hears = node[i].up }

/* Who was drawn in follows the one who asked: its own wait does not count against a stranger that a join names. */
#define NAMED_BY(i, f, x) (HAS(node[i].joins, f) && HAS(node[i].j_hears[f], x))
#define NAMED(i, x) (NAMED_BY(i, 0, x) || NAMED_BY(i, 1, x) || NAMED_BY(i, 2, x) || (N == 4 && NAMED_BY(i, (N - 1), x)))

/* A stranger whose ring cannot come whole would refuse, unless the better ring has it. */
#if PLANT == 1
#define COMES_WHOLE(i, x) 1
#else
#define COMES_WHOLE(i, x) SUBSET(node[i].h_members[x], node[i].up | BIT(i))
#endif

/* Out: hears */
inline partners(i) {
  better_ring(i);
  hears = 0; x = 0;
  do
  :: x < N ->
     if
     :: x != i && HAS(node[i].up, x) && !HAS(node[i].suspects, x) && !HAS(node[i].refused, x) &&
        (HAS(node[i].members, x) || HAS(node[i].joins, x) || (HAS(node[i].heard, x) && HAS(node[i].h_hears[x], i) &&
         (!HAS(node[i].waiting, x) || NAMED(i, x)) && (COMES_WHOLE(i, x) || HAS(better, x)))) ->
        hears = hears | BIT(x)
     :: else
     fi;
     x++
  :: else -> break
  od
}

/* Out: part */
inline propose(i) {
  cand = BIT(i) | hears; x = 0;
  do
  :: x < N -> if :: HAS(hears, x) && HAS(node[i].joins, x) -> cand = cand | node[i].j_hears[x] :: else fi; x++
  :: else -> break
  od;
  choose_members(i)
}

inline refresh_gather(i, resend) {
  partners(i);
  k_hears = hears;
  node[i].tried = node[i].tried | (hears & ~node[i].members);
  propose(i);
  hears = k_hears;
  if :: node[i].proposal != part -> node[i].agreed = 0 :: else fi;   /* withdraw_agreement */
  node[i].proposal = part;
  if
  :: resend || node[i].said != join || node[i].s_proposal != part || node[i].s_hears != hears || node[i].s_quorate != node[i].quorate ||
     (SUBSET(part & ~BIT(i), node[i].joins) && !SUBSET(part & ~BIT(i), node[i].s_spoke)) ->
     if :: !(node[i].said == join && node[i].s_proposal == part && node[i].s_hears == hears) -> node[i].resent = 0 :: else fi;
     publish(i, join, part, hears)
  :: else
  fi;
  /* is_agreed */
  found = 0; x = 0;
  do
  :: x < N ->
     if :: HAS(hears, x) && HAS(node[i].joins, x) && HAS(node[i].j_hears[x], i) && !HAS(part, x) && ((part == BIT(i) && SUBSET(node[i].members, part)) || HAS(node[i].j_proposal[x], i)) -> found = 1 :: else fi;
     x++
  :: else -> break
  od;
  if :: !found -> node[i].contested_over = 0 :: else fi;
  node[i].contested = found;
  ok = !(found && !node[i].contested_over); x = 0;
  do
  :: x < N ->
     if :: HAS(part, x) && x != i && !(HAS(node[i].joins, x) && node[i].j_proposal[x] == part && SUBSET(part & ~BIT(x), node[i].j_spoke[x])) -> ok = 0 :: else fi;
     x++
  :: else -> break
  od;
  if
  :: ok && !node[i].agreed ->
     node[i].agreed = 1;
     x = 0; do :: HAS(part, x) -> break :: else -> x++ od;
     if :: x == i -> create_commit(i) :: else fi
  :: !ok -> node[i].agreed = 0
  :: else
  fi
}

/* Handlers only say what follows; `settle_step` does it, once a step: enter_gather, refresh_gather. */
inline enter_gather(i) { do_enter = 1 }
inline refresh(i, with_resend) { do_refresh = 1; do_resend = with_resend }

inline settle_step(i) {
  if
  :: do_enter ->
     node[i].state = Gather;
     node[i].proposal = 0; node[i].suspects = 0; node[i].refused = 0; node[i].agreed = 0; node[i].contested = 0;
     node[i].contested_over = 0; node[i].resent = 0; node[i].attempt = 0; node[i].attempt_set = 0; node[i].dissent = 0;
     node[i].said = nothing; do_refresh = 1; do_resend = 0
  :: else
  fi;
  if :: do_refresh -> refresh_gather(i, do_resend) :: else fi;
  if :: resent_now -> node[i].resent = 1 :: else fi;
  do_enter = 0; do_refresh = 0; do_resend = 0; resent_now = 0
}

/* ---- peers.cpp --------------------------------------------------------------------------------------------------- */

/* Out: ok */
inline is_admissible(i, stranger, its_hears) {
  ok = HAS(node[i].up, stranger); y = 0;
  do
  :: y < N ->
     if
     :: HAS(node[i].members, y) && !HAS(its_hears, y) -> ok = 0
     :: HAS(node[i].members, y) && y != i && !(HAS(node[i].heard, y) && HAS(node[i].h_hears[y], stranger)) -> ok = 0
     :: else
     fi;
     y++
  :: else -> break
  od
}

/* After the patience of `settle` and `merge`: only called when nothing else happens. */
inline evaluate_merge(i) {
  cand = 0; x = 0;                                   /* good */
  do
  :: x < N ->
     if
     :: x != i && !HAS(node[i].members, x) && HAS(node[i].heard, x) && HAS(node[i].up, x) ->
        is_admissible(i, x, node[i].h_hears[x]);
        if :: ok -> cand = cand | BIT(x) :: else fi
     :: else
     fi;
     x++
  :: else -> break
  od;
  found = 0; x = 0;
  do
  :: x < N ->
     if
     :: HAS(cand, x) && !found && !HAS(node[i].waiting, x) && (node[i].h_members[x] & cand & node[i].waiting) == 0 ->
        part = node[i].h_members[x];
        if
        :: SUBSET(part, cand | node[i].members) -> found = 1
        :: else
        fi
     :: else
     fi;
     x++
  :: else -> break
  od;
  if :: found -> forget_joins(i); enter_gather(i) :: else fi
}

/* ---- on_join.cpp: node i reads what node f said last ------------------------------------------------------------- */

inline learn(i, f, its_hears, its_members, its_quorate, its_ring) {
  node[i].heard = node[i].heard | BIT(f); node[i].h_hears[f] = its_hears; node[i].h_members[f] = its_members;
  node[i].h_old[f] = its_ring;
  node[i].h_quorate = (its_quorate -> node[i].h_quorate | BIT(f) : node[i].h_quorate & ~BIT(f))
}

inline take_join(i, f) {
  node[i].joins = node[i].joins | BIT(f);
  node[i].j_quorate = (node[f].r_quorate -> node[i].j_quorate | BIT(f) : node[i].j_quorate & ~BIT(f));
  node[i].j_proposal[f] = node[f].r_proposal; node[i].j_hears[f] = node[f].r_hears; node[i].j_old[f] = node[f].r_old; node[i].j_spoke[f] = node[f].r_spoke
}

inline read_join(i, f) {
  if :: node[i].known_ring_seq < node[f].r_seq -> node[i].known_ring_seq = node[f].r_seq :: else fi;
  learn(i, f, node[f].r_hears, 0, node[f].r_quorate, 0);
  if
  :: node[i].state == Gather ->
     take_join(i, f); node[i].refused = node[i].refused & ~BIT(f);
     refresh(i, 0)
  :: node[i].state == Operational && HAS(node[i].members, f) ->
     if :: node[f].r_seq >= SEQ(node[i].ring) -> forget_joins(i); take_join(i, f); enter_gather(i) :: else fi
  :: node[i].state == Operational && !HAS(node[i].members, f) ->
     ok = 0;
     if :: SUBSET(node[i].members, node[f].r_proposal) -> is_admissible(i, f, node[f].r_hears) :: else fi;
     if :: !ok -> better_ring(i); ok = HAS(better, f) :: else fi;
     ok = ok && !HAS(node[i].let_in, f);
     if :: ok -> forget_joins(i); take_join(i, f); partners(i); propose(i); ok = HAS(part, f) :: else fi;   /* would_choose */
     if
     :: ok -> node[i].let_in = node[i].let_in | BIT(f); enter_gather(i)
     :: else -> forget_joins(i);
        if :: HAS(node[i].up, f) -> node[i].refuses_next = node[i].refuses_next | BIT(f) :: else fi
     fi
  :: node[i].state >= Commit && HAS(node[i].attempt_set, f) ->
     if
     :: node[f].r_seq < SEQ(node[i].attempt) && (node[f].r_proposal == node[i].attempt_set || !HAS(node[i].dissent, f)) ->
        if :: node[f].r_proposal != node[i].attempt_set -> node[i].dissent = node[i].dissent | BIT(f) :: else fi
     :: else -> forget_joins(i); take_join(i, f); enter_gather(i)
     fi
  :: else
  fi
}

inline read_merge_detect(i, f) {
  if :: node[i].known_ring_seq < SEQ(node[f].r_old) -> node[i].known_ring_seq = SEQ(node[f].r_old) :: else fi;
  learn(i, f, node[f].r_hears, node[f].r_members, node[f].r_quorate, node[f].r_old);
  if
  :: node[i].state == Operational ->
     node[i].evaluated = 0; node[i].weighed = 0;
     if :: HAS(node[i].members, f) && SUBSET(node[i].up, node[i].members) && !node[i].announced -> announce(i); node[i].announced = 1 :: else fi
  :: else
  fi
}

inline read_refusal(i, f) {
  if :: node[i].known_ring_seq < SEQ(node[f].ring) -> node[i].known_ring_seq = SEQ(node[f].ring) :: else fi;
  learn(i, f, node[f].up, node[f].members, node[f].quorate, node[f].ring);
  if
  :: node[i].state == Gather ->
     node[i].refused = node[i].refused | BIT(f); node[i].joins = node[i].joins & ~BIT(f); node[i].j_quorate = node[i].j_quorate & ~BIT(f);
     node[i].j_proposal[f] = 0; node[i].j_hears[f] = 0; node[i].j_old[f] = 0; node[i].j_spoke[f] = 0;
     refresh(i, 0)
  :: else
  fi
}

/* ---- the links' verdicts (ring.cpp: PeerUp, PeerDown) ------------------------------------------------------------ */

inline peer_up(i, p) {
  node[i].up = node[i].up | BIT(p);
  if
  :: node[i].state == Gather -> refresh(i, 1)
  :: node[i].state == Operational -> announce(i); node[i].announced = 0; node[i].evaluated = 0; node[i].weighed = 0
  :: else
  fi
}

inline peer_down(i, p) {
  node[i].up = node[i].up & ~BIT(p); node[i].heard = node[i].heard & ~BIT(p);
  node[i].h_hears[p] = 0; node[i].h_members[p] = 0; node[i].h_old[p] = 0; node[i].h_quorate = node[i].h_quorate & ~BIT(p);
  if
  :: node[i].state == Gather ->
     node[i].joins = node[i].joins & ~BIT(p); node[i].j_quorate = node[i].j_quorate & ~BIT(p); node[i].refused = node[i].refused & ~BIT(p);
     node[i].j_proposal[p] = 0; node[i].j_hears[p] = 0; node[i].j_old[p] = 0; node[i].j_spoke[p] = 0;
     refresh(i, 0)
  :: node[i].state >= Commit && HAS(node[i].attempt_set, p) -> forget_joins(i); enter_gather(i)
  :: node[i].state == Operational && HAS(node[i].members, p) -> forget_joins(i); enter_gather(i)
  :: node[i].state == Operational && !HAS(node[i].members, p) -> announce(i)
  :: else
  fi
}

/* ---- the token: node i takes what its predecessor p sent --------------------------------------------------------- */

#define BEFORE(set, i, p) (HAS(set, p) && (set & ((BIT(i) - 1) & ~((BIT(p) << 1) - 1))) == 0 && p < i)
#define LAST(set, p) (HAS(set, p) && (set >> (p + 1)) == 0)
#define FIRST(set, i) (HAS(set, i) && (set & (BIT(i) - 1)) == 0)
#define CONN(i, j) HAS(conn[i], j)
#define IN_ATTEMPT(p) ((node[p].state >= Commit && node[p].attempt == node[p].t_ring) || \
  (node[p].state == Operational && node[p].ring == node[p].t_ring))
#define PASS(i, p) (node[p].r_token != 0 && CONN(p, i) && HAS(node[p].r_set, i))

#define TAKE_FIRST(i, p) (PASS(i, p) && BEFORE(node[p].r_set, i, p) && node[p].r_token == 1 && node[i].state == Gather && \
  node[i].proposal == node[p].r_set && SEQ(node[p].r_ring) > node[i].committed_ring_seq)
#define TAKE_ROUND(i, p) (PASS(i, p) && FIRST(node[p].r_set, i) && LAST(node[p].r_set, p) && node[p].r_token == 1 && \
  node[i].state == Commit && node[i].attempt == node[p].r_ring)
#define TAKE_SECOND(i, p) (PASS(i, p) && BEFORE(node[p].r_set, i, p) && node[p].r_token == 2 && node[i].state == Commit && \
  node[i].attempt == node[p].r_ring)
#define TAKE_BACK(i, p) (PASS(i, p) && FIRST(node[p].r_set, i) && LAST(node[p].r_set, p) && node[p].r_token == 2 && \
  node[i].state == Recovery && node[i].attempt == node[p].r_ring)
#define TAKE_REGULAR(i, p) (PASS(i, p) && BEFORE(node[p].r_set, i, p) && node[p].r_token == 3 && node[i].state == Recovery && \
  node[i].attempt == node[p].r_ring)
#define TAKE(i, p) (i != p && (TAKE_FIRST(i, p) || TAKE_ROUND(i, p) || TAKE_SECOND(i, p) || TAKE_BACK(i, p) || TAKE_REGULAR(i, p)))

inline take_token(i, p) {
  if
  :: TAKE_FIRST(i, p) -> enter_commit(i, node[p].r_ring, node[p].r_set)
  :: TAKE_ROUND(i, p) -> node[i].state = Recovery; node[i].token = 2; node[i].t_next = 1
  :: TAKE_SECOND(i, p) -> node[i].state = Recovery; node[i].token = 2; node[i].t_next = 1
  :: TAKE_BACK(i, p) -> enter_operational(i); node[i].token = 3; node[i].t_next = 1
  :: TAKE_REGULAR(i, p) -> enter_operational(i); node[i].token = 3; node[i].t_next = 1
  fi
}

/* Every member has installed this ring: the sync of the groups ends, quorum may be granted. */
#define IN_RING(i, j) (!HAS(node[i].members, j) || (node[j].state == Operational && node[j].ring == node[i].ring))
#define COMPLETE(i) (IN_RING(i, 0) && IN_RING(i, 1) && IN_RING(i, 2) && (N == 3 || IN_RING(i, N - 1)))
#if PLANT == 2
#define MAJORITY(set) (2 * CARD(set) >= N)
#else
#define MAJORITY(set) (2 * CARD(set) > N)
#endif

/* ---- time-outs: only when nothing is on its way ------------------------------------------------------------------ */

#define READABLE(i, f) (i != f && (HAS(node[f].unread, i) || HAS(node[f].refuses, i)))
#define VERDICT(i, p) (i != p && HAS(node[i].up, p) != CONN(i, p))
#define BUSY_PAIR(i, j) (READABLE(i, j) || VERDICT(i, j) || TAKE(i, j))
/* Joins are repeated at the pace of `join` for as long as the consensus timer runs, so every gathering peer gets them. */
#define LACKS(i, f) (f < N && i != f && node[f].state == Gather && HAS(node[f].up, i) && CONN(i, f) && node[i].said == join && \
  !(HAS(node[f].joins, i) && node[f].j_proposal[i] == node[i].s_proposal && node[f].j_hears[i] == node[i].s_hears && \
    node[f].j_old[i] == node[i].s_old && node[f].j_spoke[i] == node[i].s_spoke && HAS(node[f].j_quorate, i) == node[i].s_quorate))
#define LACKED(i) (LACKS(i, 0) || LACKS(i, 1) || LACKS(i, 2) || (N == 4 && LACKS(i, (N - 1))))
#define SHORT(i) ((node[i].state == Gather && !node[i].agreed && node[i].contested && !node[i].contested_over) || \
  (node[i].state == Gather && (!node[i].resent || LACKED(i))) || \
  (node[i].state == Operational && (node[i].up & ~node[i].members) != 0 && (!node[i].announced || !node[i].evaluated)))
/* Patience of three merge intervals: everybody else has announced and weighed what it heard. */
#define WEIGHS(i) (node[i].state == Operational && (node[i].up & ~node[i].members) != 0 && !node[i].weighed)
#define BROKEN(i) (node[i].state == Operational && !COMPLETE(i))
#define LONG(i) (node[i].state != Operational || BROKEN(i))

/* Timers are long against the time of a frame: what happened before is long ago now. */
inline time_passes() {
  x = 0;
  do :: x < N -> node[x].let_in = 0; x++ :: else -> break od
}

inline short_timer(i) {
  time_passes();
  if
  :: node[i].state == Gather && !node[i].agreed && node[i].contested && !node[i].contested_over ->
     node[i].contested_over = 1; refresh(i, 0)
  :: node[i].state == Gather && (!node[i].resent || LACKED(i)) -> refresh(i, 1); resent_now = 1
  :: node[i].state == Operational && !node[i].announced -> announce(i); node[i].announced = 1
  :: node[i].state == Operational && node[i].announced -> node[i].evaluated = 1; evaluate_merge(i)
  fi
}

/* Frames are about equally fast: what was sent in one round arrives in the next, in any order. A node's turn is all that
 * it hears in a round; turns only read what was sent before, so their order does not matter and is fixed. */
inline advance() {
  x = 0;
  do
  :: x < N ->
     if
     :: node[x].unread_next != 0 ->
        node[x].r_said = node[x].said; node[x].r_proposal = node[x].s_proposal; node[x].r_hears = node[x].s_hears; node[x].r_spoke = node[x].s_spoke;
        node[x].r_members = node[x].s_members; node[x].r_old = node[x].s_old; node[x].r_seq = node[x].s_seq;
        node[x].r_quorate = node[x].s_quorate
     :: else ->
        node[x].r_said = nothing; node[x].r_proposal = 0; node[x].r_hears = 0; node[x].r_spoke = 0; node[x].r_members = 0; node[x].r_old = 0;
        node[x].r_seq = 0; node[x].r_quorate = 0
     fi;
     node[x].unread = node[x].unread_next; node[x].unread_next = 0;
     node[x].refuses = node[x].refuses_next; node[x].refuses_next = 0;
     if
     :: node[x].t_next || IN_ATTEMPT(x) ->
        node[x].r_token = node[x].token; node[x].r_ring = node[x].t_ring; node[x].r_set = node[x].t_set
     :: else ->
        node[x].token = 0; node[x].t_ring = 0; node[x].t_set = 0; node[x].r_token = 0; node[x].r_ring = 0; node[x].r_set = 0
     fi;
     node[x].t_next = 0;
     x++
  :: else -> break
  od;
  turn = 0
}

/* Every wait of settle_backoff is over, and the merge timers have come round. */
inline patience() {
  x = 0;
  do :: x < N -> node[x].waiting = 0; node[x].announced = 0; node[x].evaluated = 0; node[x].weighed = 0; x++ :: else -> break od
}

inline on_consensus_timeout(i) {
  cand = 0; part = 0; x = 0;                          /* silent, dissenting */
  do
  :: x < N ->
     if
     :: HAS(node[i].proposal, x) && x != i && !HAS(node[i].joins, x) -> cand = cand | BIT(x)
     :: HAS(node[i].proposal, x) && x != i && HAS(node[i].joins, x) && node[i].j_proposal[x] != node[i].proposal -> part = part | BIT(x)
     :: else
     fi;
     x++
  :: else -> break
  od;
  node[i].suspects = node[i].suspects | (cand != 0 -> cand : part);
  refresh(i, 0)
}

inline long_timer(i) {
  timeouts++;
  assert(timeouts <= MAX_TIMEOUTS);
  time_passes();
  x = 0;
  do :: x < N -> if :: node[x].state == Gather -> node[x].resent = 0 :: else fi; node[x].waiting = 0; node[x].announced = 0; node[x].evaluated = 0; node[x].weighed = 0;
        x++
     :: else -> break od;
  if
  :: node[i].state == Gather && !node[i].agreed -> on_consensus_timeout(i)
  :: else -> forget_joins(i); enter_gather(i)       /* on_token_loss */
  fi
}

/* ---- the world --------------------------------------------------------------------------------------------------- */

#define SAFE_PAIR(i, j) (!(node[i].quorate && node[j].quorate && (node[i].members & node[j].members) == 0) && \
  !(node[i].ring == node[j].ring && node[i].members != node[j].members))

/* What must hold when nothing moves any more. */
#define CLIQUE(s) ((!HAS(s, 0) || SUBSET(s & ~BIT(0), conn[0])) && (!HAS(s, 1) || SUBSET(s & ~BIT(1), conn[1])) && \
  (!HAS(s, 2) || SUBSET(s & ~BIT(2), conn[2])) && (N == 3 || !HAS(s, 3) || SUBSET(s & ~BIT(3), conn[N - 1])))

inline check_rest() {
  x = 0; found = 0;
  do
  :: x < N ->
     assert(node[x].state == Operational);
     assert(CLIQUE(node[x].members));
     assert(node[x].quorate == MAJORITY(node[x].members));
     y = 0;
     do
     :: y < N -> assert(node[x].ring == node[y].ring || !CLIQUE((node[x].members | node[y].members))); y++
     :: else -> break
     od;
     if :: node[x].quorate -> found = 1 :: else fi;
     x++
  :: else -> break
  od;
  /* a majority that could be one ring is one */
  x = 0;
  do
  :: x <= ALL -> assert(found || !(MAJORITY(x) && CLIQUE(x))); x++
  :: else -> break
  od
}

inline connect(a, b, on) {
  if
  :: on -> conn[a] = conn[a] | BIT(b); conn[b] = conn[b] | BIT(a)
  :: else -> conn[a] = conn[a] & ~BIT(b); conn[b] = conn[b] & ~BIT(a)
  fi
}

inline change() {
  changing = 1;
  kx = 0;
  do
  :: kx < N ->
     z = kx + 1;
     do
     :: z < N -> if :: true -> connect(kx, z, 1) :: true -> connect(kx, z, 0) fi; z++
     :: else -> break
     od;
     kx++
  :: else -> break
  od;
  kx = 0; z = 0;
  changes_left--;
  changing = 0
}

byte i, j;
mtype act;

mtype = { weighs, goes_on, grants, ends_turn, next_round, patience_ends, idle, reads, hears_of, takes, short_timer_of, long_timer_of };

#define BETWEEN (turn == N)
#define PAIR(a, b) \
  :: turn == a && READABLE(a, b) -> i = a; j = b; act = reads \
  :: turn == a && VERDICT(a, b) -> i = a; j = b; act = hears_of \
  :: turn == a && TAKE(a, b) -> i = a; j = b; act = takes
#define GRANTABLE(a) (node[a].state == Operational && !node[a].quorate && MAJORITY(node[a].members) && COMPLETE(a))
#define ALONE(a) \
  :: turn == a && !READS(a) && !TAKES(a) && !LATE(a) -> act = ends_turn \
  :: QUIET && SHORT(a) -> i = a; act = short_timer_of \
  :: QUIET && !ANY_SHORT && WEIGHS(a) -> i = a; act = weighs \
  :: QUIET && !ANY_SHORT && !ANY1(WEIGHS) && LONG(a) -> i = a; act = long_timer_of
#ifdef PROMPT
#define LATE(a) (VERDICT(a, 0) || VERDICT(a, 1) || VERDICT(a, 2) || (N == 4 && VERDICT(a, (N - 1))))
#else
#define LATE(a) 0
#endif
#define READS(a) (READABLE(a, 0) || READABLE(a, 1) || READABLE(a, 2) || (N == 4 && READABLE(a, (N - 1))))
#define TAKES(a) (TAKE(a, 0) || TAKE(a, 1) || TAKE(a, 2) || (N == 4 && TAKE(a, (N - 1))))

#if N == 3
#define ANY2(p) (p(0, 1) || p(0, 2) || p(1, 0) || p(1, 2) || p(2, 0) || p(2, 1))
#define ANY1(p) (p(0) || p(1) || p(2))
#else
#define ANY2(p) (p(0, 1) || p(0, 2) || p(0, 3) || p(1, 0) || p(1, 2) || p(1, 3) || p(2, 0) || p(2, 1) || p(2, 3) || p(3, 0) || \
  p(3, 1) || p(3, 2))
#define ANY1(p) (p(0) || p(1) || p(2) || p(3))
#endif
#define WAITING(a) (node[a].waiting != 0)
#define NEXT(a) (node[a].unread_next != 0 || node[a].refuses_next != 0 || node[a].t_next)
#define MOVING (ANY2(BUSY_PAIR) || ANY1(NEXT))
#define QUIET (BETWEEN && !MOVING && !ANY1(GRANTABLE))
#define ANY_SHORT ANY1(SHORT)

inline read_one(i, f) {
  if
  :: HAS(node[f].refuses, i) ->
     node[f].refuses = node[f].refuses & ~BIT(i);
     if :: CONN(f, i) && HAS(node[i].up, f) -> read_refusal(i, f) :: else fi
  :: else ->
     node[f].unread = node[f].unread & ~BIT(i);
     if
     :: CONN(f, i) && HAS(node[i].up, f) && node[f].r_said == join -> read_join(i, f)
     :: CONN(f, i) && HAS(node[i].up, f) && node[f].r_said == merge_detect -> read_merge_detect(i, f)
     :: else
     fi
  fi
}

/* The sync of the groups has ended on every ring that is complete. */
inline grant_all() {
  x = 0;
  do :: x < N -> if :: GRANTABLE(x) -> node[x].quorate = 1 :: else fi; x++ :: else -> break od
}

inline start() {
  i = 0;
  do
  :: i < N ->
#ifdef START_SINGLE
     node[i].ring = RING(1, i); node[i].members = BIT(i); node[i].up = 0; conn[i] = 0;
#else
     node[i].ring = RING(1, 0); node[i].members = ALL; node[i].up = ALL & ~BIT(i); conn[i] = ALL & ~BIT(i);
     node[i].quorate = 1;
#endif
     node[i].known_ring_seq = 1; node[i].committed_ring_seq = 1;
     i++
  :: else -> break
  od;
  i = 0
}

/* With -DTRACE a run can be read: spin -t -DTRACE ... */
inline tell() {
#ifdef TRACE
  if
  :: act == idle -> printf("conn %d %d %d\n", conn[0], conn[1], conn[2])
  :: else ->
     printf("%e node %d of %d: state %d ring %d members %d proposal %d joins %d hears %d up %d refused %d suspects %d agreed %d attempt %d conn %d\n", act, i, j,
            node[i].state, node[i].ring, node[i].members, node[i].proposal, node[i].joins, node[i].s_hears, node[i].up, node[i].refused,
            node[i].suspects, node[i].agreed, node[i].attempt, conn[i])
  fi
#else
  skip
#endif
}

#define SAFE (SAFE_PAIR(0, 1) && SAFE_PAIR(0, 2) && SAFE_PAIR(1, 2) && (N == 3 || (SAFE_PAIR(0, N - 1) && SAFE_PAIR(1, N - 1) && SAFE_PAIR(2, N - 1))))

init {
  d_step { start() }
  do
  :: atomic {
       skip;
next:  if
       :: BETWEEN && changes_left > 0 -> change(); act = idle
       PAIR(0, 1) PAIR(0, 2) PAIR(1, 0) PAIR(1, 2) PAIR(2, 0) PAIR(2, 1)
#if N == 4
       PAIR(0, 3) PAIR(1, 3) PAIR(2, 3) PAIR(3, 0) PAIR(3, 1) PAIR(3, 2)
       ALONE(3)
#endif
       ALONE(0) ALONE(1) ALONE(2)
       :: BETWEEN && MOVING -> act = next_round
       :: BETWEEN && ANY1(GRANTABLE) -> act = grants
       :: QUIET && !ANY_SHORT && !ANY1(WEIGHS) && !ANY1(LONG) && ANY1(WAITING) -> act = patience_ends
       :: changes_left == 0 && QUIET && !ANY_SHORT && !ANY1(WEIGHS) && !ANY1(LONG) && !ANY1(WAITING) -> break
       fi;
       d_step {
         if
         :: act == reads -> read_one(i, j)
         :: act == hears_of -> if :: CONN(i, j) -> peer_up(i, j) :: else -> peer_down(i, j) fi
         :: act == takes -> take_token(i, j)
         :: act == short_timer_of -> short_timer(i)
         :: act == weighs -> node[i].weighed = 1; better_ring(i); if :: better != 0 -> forget_joins(i); enter_gather(i) :: else fi
         :: act == long_timer_of -> long_timer(i)
         :: act == patience_ends -> patience()
         :: act == next_round -> advance()
         :: act == ends_turn -> turn++
         :: act == grants -> grant_all()
         :: else
         fi;
         settle_step(i);
         tell();
         assert(SAFE);
         i = 0; j = 0; act = (act == reads || act == takes || act == hears_of -> goes_on : 0)
       };
       if :: act == goes_on -> act = 0; goto next :: else fi
     }
  od;
  skip;
  d_step { check_rest() }
}
