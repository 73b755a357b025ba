declare module "*.css";
declare module "*.gz" { const address: string; export default address }
