// The tour in Chinese. The names of signs, commands and functions stay as they are; programs print what they print.
import { formatDuration } from '../../observe/durations.ts';
import type { Wait } from './findings.ts';
import type { TourWords } from './words.ts';

/** Who waits where no task does. */
const PROGRAM = '程序';

export const zh: TourWords = {
  timeline: {
    comma: '，',
    lasted: (length, virtual) => `${virtual ? '虚拟' : '真实'}时间 ${length}`,
    tasks: (n) => `${n} 个任务`,
    iterations: (n) => `${n} 次迭代`,
    steps: (n) => `${n} 个步进`,
    callbacks: (n) => `${n} 个回调`,
    doing: {
      step: '步进',
      running: '正在运行',
      ready: '就绪',
      timer: '等定时器',
      task: '等任务',
      primitive: '等许可、锁、事件或队列',
      future: '等外界或 future',
      returned: '返回',
      raised: '抛出错误',
      cancelled: '被取消',
    },
    free: '余量',
    items: '个数',
    freeOrItems: '剩余的许可，或队列里的个数',
    noTime: '在虚拟时间里都不占时间',
    busy: (percent) => `忙碌的时间占 ${percent}`,
    p50: (length) => `每个步进用时 ${length}（p50）`,
    p99: (length) => `${length}（p99）`,
    most: (length) => `最长 ${length}`,
    below: (length) => `个不到 ${length}`,
    fromUp: (length) => `个达到 ${length}`,
    slowest: (length, who) => `最慢的是${spaced(who).trimEnd()}，用时 ${length}`,
    from: (place) => `，从 ${place} 开始`,
    callback: (name) => `回调 ${name}()`,
    dropped: (n) => `最早的 ${n} 个事件没有保留，要看到它们，请加大记录的容量`,
    ended: (n, how) => `${n} 个${ENDED[how] ?? how}`,
    raised: (error) => `抛出${spaced(error)}`.trimEnd(),
    cancelledBy: (who) => `被${spaced(who)}取消`,
    waitsFor: (what) => `在等${spaced(what)}`.trimEnd(),
    wokenBy: (who) => `由${spaced(who.join('、'))}唤醒`,
    others: (n) => `另外 ${n} 个`,
    timer: '定时器',
    aTimer: '定时器',
    host: '外界',
    program: '程序',
    unknown: '没有保留的事件',
  },
  space: '',
  welcome: [
    '沿着文章，把示例一个一个走过来：先说该留意什么，再看协程的源码，运行一遍，画出每个任务何时在做什么，最后是可以自己动手试的东西。',
    '所有示例都是此时此地真正运行的，只是时钟是虚拟的：它直接跳到下一个定时器，谁也不用等。图中时间从左向右，每个任务占一行。',
  ],
  farewell: [
    '整篇文章到此走完。`asyncdemo list` 再次列出全部示例，`asyncdemo <示例> --help` 说明各自的选项，`asyncdemo tour <示例>` 只看其中一个。',
    '想动手改一改，请克隆源码，编辑 `src/demos` 里的文件，运行 `npm run build`，再用 `npx asyncdemo <示例> --virtual-time --timeline` 看看变成了什么样。',
  ],
  source: '源码：',
  run: '运行：',
  picture: '时间线：',
  next: '接下来可以试试：',
  question: '想一想：',
  change: '改一改：',
  noTasks: '没有什么可画的：一个任务也没有创建，loop 无事可做。',
  findings({ tasks, most, path, longest }) {
    const alive =
      tasks === 1
        ? '从头到尾只有一个任务。'
        : most === tasks
          ? `${tasks === 2 ? '两' : `${tasks} `}个任务曾同时存活。`
          : `一共 ${tasks} 个任务，${most === 1 ? '任何时刻都只有一个存活' : `同时存活的最多 ${most} 个`}。`;
    if (longest === undefined) return [alive, '直到结束，没有等过任何东西。'];
    if (path.length === 1) return [alive, `直到结束，只等了一件事：${told(longest).trimStart()}。`];
    const names = chain(path);
    const way =
      names.length === 1 ? `${spaced(names[0] as string).trimStart()}先后 ${path.length} 次等待` : `先后 ${path.length} 次等待（依次属于 ${names.join('、')}）`;
    return [alive, `${way}，才走到终点，其中最长的一次是${told(longest)}。`];
  },
  goOn: '回车：继续   q：退出',
  goTo: (name) => `回车：下一个，${name}   q：退出`,
  stops: {
    'reuse-loop': {
      title: '同一个 loop，运行两次，关闭一次',
      watch: [
        '`runUntilComplete` 先把交给它的协程包装成任务，再运行 loop，任务一结束就停下来。',
        '停下来不等于关闭：第二次调用接着用同一个 loop、同一个时钟，所以第二次等待从第 3 秒开始。',
        '`close()` 之后，它就再也不能运行了。',
        '这时再对它提任何要求都会抛出错误：误用当场就能发现，好过排进队列、却永远轮不到运行。',
      ],
      reading: [
        '两行互不重叠，因为第一次运行结束之后，第二个任务才被创建。',
        '每个任务都只运行了两个瞬间，一次在睡眠之前，一次在睡眠之后；中间 loop 除了等定时器，无事可做。',
      ],
      tries: ['输出相同，但不用等'],
      live: '真实的五秒，以及每个步进实际用了多久',
      question: '一次运行结束时，还在睡眠的任务是就此丢失，还是由下一次运行接着执行？',
      change:
        '在 `run` 的第一行之前加上 `loop.createTask(coro(screen, 4000));`。第一次运行在第 3 秒结束，这个任务还没睡醒；第 4 秒，它在第二次运行的中途走到终点。',
    },
    'gather-wait': {
      title: '同时等几个任务的两种办法，以及各自得到什么',
      watch: [
        '`func1` 要一秒，`func2` 要半秒；一起启动，总共只要一秒，而不是一秒半。',
        '`gather` 按给出的顺序返回结果，不管谁先完成；`wait` 返回的是两个任务集合，结果要逐个去取。',
        '`runUntilComplete` 可以接收协程、任务，也可以接收单独一个 future，其中只有协程需要先包装成任务。',
        '两个之中有一个出错时，`gather` 立即抛出这个错误；加上 `returnExceptions`，错误就作为一项结果返回。',
      ],
      reading: [
        '从同一列开始的几行，就是并排运行的任务。',
        '`Task-5` 是 `wait` 这个协程本身：它什么也不做，只等另外两个任务。',
        '`Task-8` 之前的空隙属于那个单独的 future：loop 在运行，却没有任务。',
        '`broken()` 以叉号结束之后，旁边的 `func2()` 还在继续：`gather` 只是抛出错误，并不取消谁。',
      ],
      tries: ['每个结果是一个对象'],
      live: '同样的几行，这次是真实时间',
      question: '第一个带 `broken()` 的 `gather` 在 100 ms 时就结束了。继续运行的 `func2()`，它的结果归谁？',
      change: "给 `wait` 加上第二个参数 `{ returnWhen: 'FIRST_COMPLETED' }`。它半秒后就返回 `1 done, 1 pending`，执行到下一行时，`func1` 还在半路上。",
    },
    'cancel-all': {
      title: 'Ctrl-C：先取消所有任务，再让它们收尾',
      watch: [
        '三个任务一直在睡眠，一秒之后，示例像按下 Ctrl-C 那样中断自己：`runUntilComplete` 在两个回调之间以 `KeyboardInterrupt` 退出。',
        '任务对此毫无察觉，它们仍然停在原处，只是 loop 不再转动。',
        '`cancel()` 也不会立刻结束一个任务：它要让协程在正等待的那个 await 处收到 `CancelledError`，而这需要 loop 再运行起来。',
        '所以 loop 被重新启动，等最后一个任务把话说完，然后才关闭。',
      ],
      reading: ['头一秒里，三个任务各自等着自己的睡眠。', '接着它们在同一列结束，都是被程序取消的：取消的要求来自 loop 之外，等 loop 再次运行才生效。'],
      tries: ['按 Ctrl-C，每个任务都会报告自己被取消'],
      live: '随时按下 Ctrl-C，各行就在那一刻结束',
      question: '这里的 `gather` 为什么需要 `returnExceptions`？想想第二次运行，再想想三个任务中最先被取消的那一个。',
      change: '删去 `waitForever` 里的 `throw error;`。任务吞掉取消，正常返回：各行改以对勾结束，示例报告 3 个任务中有 0 个被取消。',
    },
    timer: {
      title: 'future 完成时的回调',
      watch: [
        '`ensureFuture` 把睡眠也包装成任务，于是有两个任务：一个是 timer，一个是它所等的睡眠。',
        '`addDoneCallback` 在后者身上挂一个函数；那个任务一完成，loop 就在下一次迭代里调用它。',
        'timer 等的是同一个任务，紧跟在回调之后被唤醒：挂在 future 上的东西，先挂的先调用。',
      ],
      reading: ['`Task-2` 等定时器，`Task-1` 等 `Task-2`；两者在同一列结束，由后者唤醒前者。', '半分钟里总共只有四个步进：等待中的 loop 什么也不做。'],
      tries: ['三秒', '两分钟，转眼就过'],
      live: '真实时间；在终端里还会多出一行，那是显示倒计时的任务',
      question: '如果添加回调时 future 已经完成，回调还会被调用吗？什么时候？',
      change:
        '在 `yield* future` 之前加上 `future.cancel();`。此后什么也不再打印：回调照样被调用，发现 future 已被取消，便不作声；timer 则收到 `CancelledError`，命令以这个错误结束。',
    },
    'async-for': {
      title: '可以等待下一项的迭代器',
      watch: [
        '`asyncFor` 就是 Python 的 `async for`：先调用一次 `aiter()`，再为每一项调用一次 `anext()`，直到它抛出 `StopAsyncIteration`。',
        '`anext` 是协程，想等多久就可以等多久；这里的却从来不用等，因为 `fetchData` 手边就有数字。',
        '不需要等的 await 不会经过 loop，请留意五个数字用了几个步进。',
      ],
      reading: ['一个任务，一个步进，完全不占时间：对勾既是起点，也是终点。', '一个函数是异步的，意思是它可以等，而不是它一定会等。'],
      tries: ['每次都是同样的三个数字'],
      live: '一千个数字，仍是一个步进；真实时间里它有长度，这期间别的任务都轮不到',
      question: '一千个数字挤在一个步进里，其他任务只能干等。在 `anext` 里写上什么，才能让它们有机会运行？',
      change: '在 `fetchData` 的 return 之前加上 `yield* sleep(500);`，并导入 `sleep`。数字变成每秒两个，一个步进变成六个，那一行变成五段首尾相接的等待。',
    },
    'async-with': {
      title: '上下文管理器，以及一个不需要 loop 的协程',
      watch: [
        '`asyncWith` 就是 Python 的 `async with`：先 `aenter()`，再执行主体，最后 `aexit()`，无论主体是返回还是抛出错误。',
        '两者都是协程，但都没有什么要等，所以也不需要谁来唤醒。',
        '`c.next()` 就是 Python 的 `c.send(None)`：推一下，协程便一路跑到终点。',
        'Python 用抛出 `StopIteration` 表示结束，JavaScript 的迭代器用 `done` 表示。',
      ],
      reading: ['协程就是生成器，推一下才动一下。', '它停在定时器、future 或套接字上时，需要 loop 过后再推它一把；这里它从不停下。'],
      tries: ['四行输出'],
      live: '一个无事可做的 loop 画出来的样子',
      question: '如果协程真的要等，却只有人推它一下，`next()` 会返回什么？下一下又该由谁来推？',
      change:
        '在 `log` 的开头加上 `yield* sleep(0);`，并导入 `sleep`。此后什么也不打印：第一次 `next()` 只走到这个 await，`done` 还不是 true，而又没有 loop 来再调用它一次。',
    },
    'fetch-status': {
      title: '十个请求同时发出，谁先完成谁先打印',
      watch: [
        '每个请求是一个任务；十个任务同时创建，各自发出请求，然后等待服务器。',
        '先打印的就是先得到应答的，状态码后面的数字说明它是第几个请求。',
        '等待不花力气：每个应答最多 400 ms，十个应答也都在 400 ms 之内到齐，只用一个线程。',
      ],
      reading: [
        '波浪线是在等外界，这里就是套接字：唤醒这些行的既不是任务，也不是定时器，而是网络。',
        '`main()` 同时等待所有任务，由最后结束的那一个唤醒。',
        '`+` 是会话的一百个连接还剩多少：十个或更多。',
      ],
      tries: ['你自己那些 URL 的状态码', '从文件读取 URL'],
      live: '真实时间里的四十个请求：每个占一行太多，相似的合成一行',
      question: '总共用多久，由十个请求中的哪一个决定？如果其余九个都快一倍，会怎样？',
      change: '改成 `const CONNECTIONS = 3;`。会话最多只开三个连接，靠下的各行先以圆点等待自己的连接，总时间多出一半。',
    },
    spinner: {
      title: '一边转动指针，一边做慢的事',
      watch: [
        '一共两个任务：`supervisor` 把 `spin` 作为独立的任务启动，然后等待 `slowFunction`；后者不是任务，`yield*` 让它成为 supervisor 的一部分。',
        '`spin` 画一个字符，睡 100 ms，如此反复；没有谁调用它，只有 loop 在它的定时器到时之后让它继续。',
        '慢函数返回之后，supervisor 取消指针。',
        '`CancelledError` 出现在 `spin` 自己的 await 处，它捕获这个错误，擦掉那一行，然后返回。',
      ],
      reading: [
        '`Task-1` 是一次长长的等待，`Task-2` 是一百次短短的等待，步进密得连成了一片。',
        '`Task-2` 以对勾结束，而不是被取消：捕获了取消又正常返回，就只是返回。',
      ],
      tries: ['中途按下 Ctrl-C 试试'],
      live: '真实的三秒：每个步进多么短，loop 又是多么清闲',
      question: '如果指针在走第一步之前就被取消，`CancelledError` 会出现在哪里？',
      change: '把 `spin` 里的 `break;` 改成 `throw error;`。答案不变，但 `Task-2` 那一行改以 `⊘` 结束，注明被 `Task-1` 取消。',
    },
    progress: {
      title: '取一个结果，进度条前进一格',
      watch: [
        '`asCompleted` 把十个请求都变成任务，再给出十个可等待的对象：第一个代表最先完成的那个请求，不管它是第几个发出的。',
        '`tqdm` 是套在外面的普通生成器：逐个转交，等到有人来要下一个时，让进度条前进。',
        '每取一个结果之前，协程先睡两秒；第一个两秒里，应答就已经全部到齐，进度条量出的其实是十次停顿。',
      ],
      reading: ['十个请求结束得太早，图上只看得见它们的终点。', '剩下的一行是十段相等的等待：已经在那里的结果，取的时候不必再等。'],
      tries: ['快一些的进度条'],
      live: '停顿比应答还短：这回轮到进度条等请求了',
      question: '把 `asCompleted` 换成 `gather`，总时间会变长吗？进度条又会是什么样子？',
      change: '在 `waitWithProgress` 里对调循环中的两行，先等结果，再停顿。总时间只多出最快的那个应答所用的时间，因为此后的结果都早已到齐。',
    },
    'semaphore-fetch': {
      title: '十二个请求，同时最多三个',
      watch: [
        '十二个任务同时创建，都去要许可，而信号量只有三个许可。',
        '没有拿到的就排队，排队不花力气。',
        '任务离开代码块时交还许可，唤醒的只有队伍最前面的那一个。',
        '最后由服务器报数：它一直在数同时有几个请求。',
      ],
      reading: [
        '圆点是在等许可，波浪线是在等网络：任何一列都不会有三行以上的波浪线。',
        '一行结束，另一行的请求就开始，右边注明是谁唤醒了它。',
        '下面的数字是剩余的许可，队伍排完之前一直是零；第二个信号量管的是会话的连接数。',
      ],
      tries: ['文章里的十二个请求', '可以检查几千个 URL 的状态'],
      live: '只有一个许可：各行排成台阶，等待的时间全部相加',
      question: '要多少个许可才能快到极限？那时总时间由什么决定？',
      change:
        '在 `printResult` 里，把 `yield* asyncWith(semaphore, function* () {` 换成普通的代码块。服务器仍然报告三个：会话自己也不允许更多的连接，只靠它的信号量就守住了上限。',
    },
  },
};

const ENDED: Readonly<Record<string, string>> = { returned: '返回', raised: '抛出错误', cancelled: '被取消', pending: '尚未结束' };

/** Between Chinese and Latin letters there is a blank. */
function spaced(text: string): string {
  return `${/^[!-~]/.test(text) ? ' ' : ''}${text}${/[!-~]$/.test(text) ? ' ' : ''}`;
}

function told({ title = PROGRAM, awaits, cancelled, ms, place }: Wait): string {
  const what = { turn: '等轮到自己', timer: '等定时器', task: '等另一个任务', primitive: '等许可', host: '等外界', future: '等一个 future' }[awaits];
  const length = formatDuration(ms);
  return `${spaced(title)}${what}${cancelled ? `，${length} 后被取消` : ` ${length}`}${place === undefined ? '' : `，停在 ${place}`}`;
}

/** The tasks of the waits, each named once for those of its own that follow each other. */
function chain(path: readonly Wait[]): string[] {
  return path.map(({ task = PROGRAM }) => task).filter((task, i, all) => task !== all[i - 1]);
}
