export function version(): string;
export default function init(): Promise<void>;
