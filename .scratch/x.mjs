console.error(performance.now())
