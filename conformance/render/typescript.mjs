export const renderTypeScript = (p) => JSON.stringify(p);
