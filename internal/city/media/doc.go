// Package media takes the photos people attach and makes of each what may be
// shown to everyone.
//
// A resident's photo is evidence and, at the same time, a file from a stranger
// that carries more than its author knows: where they live, which phone they
// own, when they were out. So no uploaded byte is ever published:
//
//   - What a file is, its first bytes decide; its name and the type that the
//     browser declares are not looked at.
//   - Size in bytes, pixels and memory is judged from the header, before a
//     decoder allocates anything (Inspect).
//   - The picture is decoded, turned upright, laid on white, made no larger
//     than 1600 pixels and written again as a plain JPEG (Prepare). Whatever
//     was not a pixel (EXIF, XMP, IPTC, comments, ICC profile, a second image,
//     a film behind the photo) does not survive, because nothing copies it.
//     Colours are taken as sRGB: a wide-gamut photo becomes a little paler.
//   - Time and position go into Facts, which only staff may read and which has
//     its own retention; the position is offered to the author as the place.
//   - A fingerprint of what is seen, not of the bytes, finds the same photo
//     sent twice (Hash).
//
// JPEG, PNG, WebP and HEIC are taken. Of an animation or a series the first
// picture is taken. Up to ten photos of 15 MB each go with a message.
//
// Decoders are the part of the program that strangers feed. They run inside
// guard, which turns a panic into media.damaged, and through a Workshop, which
// bounds how many pictures are open at once and how much memory they take. One
// gap is known: a HEIC whose coded picture is larger than its boxes say can make
// the WebAssembly machine grow beyond the estimate; hence one at a time, a limit
// of its own, and the possibility to take none (Limits.HEICPixels). Programs
// are built with the tag nodynamic, or that decoder would load a libheif.so of
// the machine into the process, outside the fence.
//
// Blobs lie in a Store of three methods. Its keys are random ids: knowing one
// gives no right; whoever serves a blob checks access first. A blob is written
// before the row that names it, and orphans are swept.
//
// A photo is uploaded for a draft, whose key is a secret of the form; the form
// names it by its random uid, Named finds those of the same draft by it,
// and the message takes them (UseIn). What no message took within 24 hours is
// erased. Time and position of the original lie beside the photo for 90 days.
// Erasing blanks the row at once and deletes the pictures by a job, once no
// other photo shows them: a message that is mended and sent again shares them
// (CopyIn). Who may see a photo, the caller checks.
//
// Tables: media_blob, media_photo, media_exif. Jobs: jobs.go.
package media
