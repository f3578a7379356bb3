// What the scripts of the resident's pages say in English; loaded by English pages only.

import type { Words } from "./words";

export const en: Words = {
  topics: "{0} topic proposed|{0} topics proposed",
  guess: "It looks like:", unsure: "Not sure? Choose none: we pick one, and staff check it.", sure: "Topic:", season: "This topic is closed for now.",
  topicOther: "Choose another topic",
  topicPick: "Choose a topic from the list",
  optional: "if you wish",
  houses: "Houses",
  found: "{0} house found|{0} houses found",
  noHouse: "No such house. Check the street or show the place on the map.",
  known: "Place: {0}", addNumber: "Add the number of the house or choose one from the list.",
  placeLost: "The address has changed. Choose a house from the list or show the place on the map.",
  photo: "Photo {0}", preparing: "preparing", sending: "uploading, {0}%", arrived: "uploaded", waiting: "will be uploaded once there is a connection",
  remove: "Remove", tooMany: "No more than {0} photos.",
  photoArrived: "Photo {0} uploaded", photoRefused: "Photo {0} will not do: {1}", badPhoto: "the file could not be read",
  restored: "Your draft is back", again: "Start anew",
  left: "{0} character left|{0} characters left", over: "{0} character too many|{0} characters too many",
  errors: "Please check", needText: "Say what happened", needPlace: "Show the place: without it nobody knows where to go",
  noNet: "No connection. Type the address: street and house.",
  sendingNow: "Sending…",
  kept: "“{0}” could not be sent. The message is kept on this phone and will be sent once the connection is back.",
  notKept: "It could not be sent, nor kept on this phone. Leave the page open and try again once the connection is back.",
  refused: "The message was not accepted.",
  outSent: "“{0}” is sent.", outRefused: "“{0}” was not accepted. {1}", outOld: "There was no connection for a week; the phone number and photos were wiped.",
  sendNow: "Send now", mend: "Mend", open: "Open", hide: "Hide",
};
