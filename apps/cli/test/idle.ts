// Stands for a program that knows nothing of its starter: tells its process id and runs on.
console.log(`pid ${process.pid}`)
setInterval(() => {}, 1000)
