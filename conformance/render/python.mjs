export const renderPython = (p) => JSON.stringify(p);
