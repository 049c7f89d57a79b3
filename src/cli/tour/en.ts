// The tour in English.
import { formatDuration } from '../../observe/durations.ts';
import { ENGLISH } from '../../observe/timeline-words.ts';
import type { Wait } from './findings.ts';
import type { TourWords } from './words.ts';

/** Who waits where no task does. */
const PROGRAM = 'the program';

export const en: TourWords = {
  timeline: ENGLISH,
  space: ' ',
  welcome: [
    'A walk through the article, example by example: what to watch for, the coroutines themselves, a run, what each task did when, and what to try yourself.',
    'All of it is run here and now, in virtual time: the clock jumps to the next timer, and nobody has to wait. In the pictures time goes from left to right, and each task has a row.',
  ],
  farewell: [
    'That was the whole article. `asyncdemo list` names its examples once more, `asyncdemo <example> --help` says what each of them takes, and `asyncdemo tour <example>` shows one alone.',
    'For the changes, take a checkout: edit the file in `src/demos`, run `npm run build`, and look at it with `npx asyncdemo <example> --virtual-time --timeline`.',
  ],
  source: 'The source:',
  run: 'The run:',
  picture: 'The timeline:',
  next: 'What to try:',
  question: 'A question: ',
  change: 'A change: ',
  noTasks: 'There is nothing to draw: no task was created, and the loop had nothing to do.',
  findings({ tasks, most, path, longest }) {
    const alive =
      tasks === 1
        ? 'There is one task from beginning to end.'
        : most === tasks
          ? `${tasks === 2 ? 'Both' : `All ${tasks}`} tasks are alive at once.`
          : `Of the ${tasks} tasks ${most === 1 ? 'only one is alive at a time' : `no more than ${most} are alive at once`}.`;
    if (longest === undefined) return [alive, 'The end has nothing to wait for.'];
    if (path.length === 1) return [alive, `The end waits for one thing: ${told(longest)}.`];
    const names = chain(path);
    const way = names.length === 1 ? `${path.length} waits of ${names[0]} lead to the end` : `${path.length} waits lead to the end, of ${names.join(', ')}`;
    return [alive, `${way}, one after the other.`, `The longest is ${told(longest)}.`];
  },
  goOn: 'Enter: go on   q: quit',
  goTo: (name) => `Enter: next, ${name}   q: quit`,
  stops: {
    'reuse-loop': {
      title: 'One loop, run twice, closed once',
      watch: [
        '`runUntilComplete` makes a task of the coroutine it is given, runs the loop until that task is done, and stops.',
        'Stopped is not closed: the second call goes on with the same loop and the same clock, so the second wait begins at 3 s.',
        '`close()` is for good.',
        'Whatever is asked of the loop afterwards throws, so that a mistake is told at once, instead of being scheduled and never run.',
      ],
      reading: [
        'The two rows do not overlap: the second task is not created before the first run is over.',
        'Each runs for two moments, before its sleep and after it; in between the loop has nothing to do but wait for a timer.',
      ],
      tries: ['the same output, without the waiting'],
      live: 'five seconds of real time, and how long the steps really took',
      question: 'A task that is still asleep when a run ends: is it lost, or does the next run take it up?',
      change:
        'put `loop.createTask(coro(screen, 4000));` in front of the first line of `run`. That task outlives the first run, which ends at 3 s, and comes to its end at 4 s, in the middle of the second.',
    },
    'gather-wait': {
      title: 'Two ways to wait for several, and what comes back',
      watch: [
        '`func1` takes a second and `func2` half of one; started together they take a second, not one and a half.',
        '`gather` gives their results in the order they were given, whoever was done first; `wait` gives two sets of tasks, of which each has to be asked for its result.',
        '`runUntilComplete` takes a coroutine, a task or a bare future: only the coroutine has to be made a task first.',
        'When one of two fails, `gather` raises the error at once, or, with `returnExceptions`, returns it as one result among the others.',
      ],
      reading: [
        'Rows that begin in one column run side by side.',
        '`Task-5` is the coroutine of `wait`: a task that does nothing but wait for two others.',
        'The gap before `Task-8` is the bare future: the loop runs there, but no task.',
        'And where `broken()` ends with a cross the `func2()` beside it goes on: `gather` has raised, but it cancels nobody.',
      ],
      tries: ['each result as an object'],
      live: 'the same rows in real time',
      question: 'The first `gather` with `broken()` is over after 100 ms. Who takes the result of the `func2()` that goes on?',
      change:
        "give `wait` a second argument, `{ returnWhen: 'FIRST_COMPLETED' }`. It returns after half a second with `1 done, 1 pending`, and `func1` is still on its way when the next line runs.",
    },
    'cancel-all': {
      title: 'Ctrl-C: cancel all, then let all finish',
      watch: [
        'Three tasks sleep without end, and after a second the example interrupts itself as Ctrl-C would: `runUntilComplete` is left with a `KeyboardInterrupt`, between two callbacks.',
        'The tasks have not noticed: they are suspended as before, and the loop merely stands still.',
        'Nor does `cancel()` end a task: it has its coroutine resumed with a `CancelledError` at the await it stands at, and for that the loop must run.',
        'So it is started once more, until the last task has had its say, and only then closed.',
      ],
      reading: [
        'For a second each task waits in its own sleep.',
        'Then all three end in one column, cancelled by the program: the requests came from outside of the loop, and took effect when it ran again.',
      ],
      tries: ['press Ctrl-C: every task says that it was cancelled'],
      live: 'press Ctrl-C when you like: that is where the rows end',
      question: 'Why does `gather` need `returnExceptions` here? Think of the second run, and of the first of three tasks to be cancelled.',
      change:
        'take `throw error;` out of `waitForever`. The tasks then swallow their cancellation and return: the rows end with ticks, and the example says that 0 of 3 tasks were cancelled.',
    },
    timer: {
      title: 'A callback when a future is done',
      watch: [
        '`ensureFuture` makes a task of the sleep, so there are two: the timer, and the sleep it waits for.',
        '`addDoneCallback` hangs a function on the second; when that task is done, the loop calls the function in its next iteration.',
        'The timer waits for the same task and is woken just behind: what is hung on a future is called in the order it was hung there.',
      ],
      reading: [
        '`Task-2` waits for a timer and `Task-1` for `Task-2`; both end in the same column, the second waking the first.',
        'Half a minute goes by in four steps: a loop that waits does nothing.',
      ],
      tries: ['three seconds', 'two minutes, at once'],
      live: 'in real time, with a third row on a terminal: the task that counts the seconds down',
      question: 'If the callback is added to a future that is done already, is it called? When?',
      change:
        'put `future.cancel();` in front of `yield* future`. Nothing more is printed: the callback is called all the same, finds the future cancelled and keeps quiet, while the timer gets a `CancelledError`, with which the command ends.',
    },
    'async-for': {
      title: 'An iterator whose next item can be awaited',
      watch: [
        "`asyncFor` is Python's `async for`: it calls `aiter()` once and `anext()` for each item, until that throws `StopAsyncIteration`.",
        '`anext` is a coroutine and may wait as long as it likes; this one never has to, since `fetchData` has its digit at once.',
        'An await that need not wait does not go through the loop: watch how many steps the five digits take.',
      ],
      reading: [
        'One task, one step, no time at all: the tick is both its beginning and its end.',
        'That a function is asynchronous says that it may wait, not that it does.',
      ],
      tries: ['the same three digits every time'],
      live: 'a thousand digits, and still one step; in real time it lasts, and nothing else runs meanwhile',
      question: 'A thousand digits in one step keep every other task waiting. What would you write into `anext` to give them a turn?',
      change:
        'in `fetchData`, put `yield* sleep(500);` in front of the return, and import `sleep`. The digits then come twice a second, in six steps instead of one, and the row becomes a chain of five waits.',
    },
    'async-with': {
      title: 'A context, and a coroutine without a loop',
      watch: [
        "`asyncWith` is Python's `async with`: `aenter()` before the body and `aexit()` after it, whether the body returns or throws.",
        'Both are coroutines, but neither waits for anything, so nobody is needed to wake them.',
        "`c.next()` is Python's `c.send(None)`: one push, and the coroutine runs to its end.",
        'What Python says by raising `StopIteration`, an iterator says by `done`.',
      ],
      reading: [
        'A coroutine is a generator: it runs when it is pushed.',
        'The loop is there to push it again later, when it stands at a timer, a future or a socket; here it never stands at one.',
      ],
      tries: ['four lines'],
      live: 'the picture of a loop with nothing to do',
      question: 'Somebody pushes a coroutine that does wait, just once. What does `next()` give, and who would have to push next?',
      change:
        'put `yield* sleep(0);` at the beginning of `log`, and import `sleep`. Nothing is printed any more: the first `next()` only reaches that await and is not `done`, and no loop is there to call it again.',
    },
    'fetch-status': {
      title: 'Ten requests at once, in the order of completion',
      watch: [
        'Each request is a task of its own; all of them are created at once, send what they have to, and wait for the server.',
        'Printed first is what was answered first: the number behind each status says which request it was.',
        'Waiting costs nothing, so ten answers that take up to 400 ms each are all there within 400 ms, in one thread.',
      ],
      reading: [
        'The wavy lines are waits for the host, here for sockets: neither a task nor a timer wakes these rows, but the network.',
        '`main()` waits for all of them together, and the last one to end wakes it.',
        "The `+` is what is left of the session's hundred connections: ten or more.",
      ],
      tries: ['the status of your own URLs', 'a file of them'],
      live: 'forty requests in real time: too many for a row each, so those alike share one',
      question: 'Which of the ten decides how long it takes? What if the other nine were twice as fast?',
      change:
        'write `const CONNECTIONS = 3;`. The session then opens three connections and no more, the rows below wait with dots for theirs, and the whole takes half as long again.',
    },
    spinner: {
      title: 'A spinner beside something slow',
      watch: [
        'There are two tasks: `supervisor` starts `spin` as one of its own, and then waits for `slowFunction`, which is none: `yield*` runs it as a part of the supervisor.',
        '`spin` draws a character and sleeps for 100 ms, again and again; nobody calls it but the loop, whenever its timer comes due.',
        'When the slow function has returned, the supervisor cancels the spinner.',
        'The `CancelledError` arrives at the await in `spin`, which catches it, wipes its line and returns.',
      ],
      reading: [
        '`Task-1` is one long wait; `Task-2` is a hundred short ones, so close that its steps touch.',
        'And `Task-2` ends with a tick, not as cancelled: who catches a cancellation and returns has simply returned.',
      ],
      tries: ['press Ctrl-C meanwhile'],
      live: 'three seconds in real time: how short each step is, and how little the loop has to do',
      question: 'Where does the `CancelledError` arrive if the spinner is cancelled before its first step?',
      change: 'in `spin`, write `throw error;` for `break;`. The answer is the same, but now the row of `Task-2` ends with `⊘`, cancelled by `Task-1`.',
    },
    progress: {
      title: 'A bar that moves as results are taken',
      watch: [
        '`asCompleted` makes tasks of the ten requests and gives ten awaitables: the first of them stands for whichever request is done first.',
        '`tqdm` is an ordinary generator around these: it passes each one on, and moves the bar when it is asked for the next.',
        'Before each result the coroutine sleeps for two seconds, and in the first of them all the answers have come; ten pauses are what the bar measures.',
      ],
      reading: [
        'The ten requests are over so soon that nothing is seen of them but their ends.',
        'What remains is one row of ten equal waits: a result that is there already is taken without waiting.',
      ],
      tries: ['a faster bar'],
      live: 'pauses shorter than the answers take: now the bar has to wait for the requests',
      question: 'Would it take longer with `gather` in place of `asCompleted`? And what would the bar look like?',
      change:
        'in `waitWithProgress`, swap the two lines in the loop, so that a result is awaited before the pause. The whole takes longer by just the time of the quickest answer: after that they are all early.',
    },
    'semaphore-fetch': {
      title: 'Twelve requests, never more than three at once',
      watch: [
        'All twelve tasks are created at once, and each asks for a permit, of which the semaphore has three.',
        'Whoever gets none stands in line, and costs nothing there.',
        'A task that leaves its block gives its permit back, and that wakes the first in line and nobody else.',
        'In the end the server, which has counted, says how many requests there were at once.',
      ],
      reading: [
        'Dots are a wait for a permit, waves one for the network: no column has more than three rows of waves.',
        'Where one row ends another begins its request, and the note beside it says who woke it.',
        'The digits below are the permits left, none until the line is empty; the second semaphore counts the connections of the session.',
      ],
      tries: ["the article's twelve requests", 'a status checker for thousands of URLs'],
      live: 'one permit: the rows become stairs, and all the waits add up',
      question: 'How many permits make it as fast as it can be, and what decides the time then?',
      change:
        'in `printResult`, replace `yield* asyncWith(semaphore, function* () {` by a plain block. The server still says three: the session allows itself no more connections, and its semaphore alone keeps the line.',
    },
  },
};

function told({ title = PROGRAM, awaits, cancelled, ms, place }: Wait): string {
  const what = { turn: 'its turn', timer: 'a timer', task: 'another task', primitive: 'a permit', host: 'the host', future: 'a future' }[awaits];
  const length = formatDuration(ms);
  return `${title}, ${cancelled ? `cancelled after waiting ${length}` : length} for ${what}${place === undefined ? '' : `, at ${place}`}`;
}

/** The tasks of the waits, each named once for those of its own that follow each other. */
function chain(path: readonly Wait[]): string[] {
  return path.map(({ task = PROGRAM }) => task).filter((task, i, all) => task !== all[i - 1]);
}
