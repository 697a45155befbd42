export { type ConversationServer, type ConversationWire, serveConversation, type Turn } from "./conversation.ts";
