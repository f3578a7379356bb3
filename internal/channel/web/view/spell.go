package view

import (
	"html"
	"text/template/parse"

	"gorod/internal/platform/locale"
)

// spell writes the phrases without arguments of one language into a template,
// as text: {{t "page.nav"}} becomes the words. A page says some dozens of them,
// and each call of a function costs more than the words. They are escaped as
// the text of an element or of a quoted attribute, the places where words stand.
func (r *Renderer) spell(list *parse.ListNode, lang locale.Lang) {
	if list == nil {
		return
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if key, ok := phraseOf(n); ok {
				words := html.EscapeString(r.cat.T(lang, key))
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(words)}
			}
		case *parse.IfNode:
			r.spellBoth(&n.BranchNode, lang)
		case *parse.RangeNode:
			r.spellBoth(&n.BranchNode, lang)
		case *parse.WithNode:
			r.spellBoth(&n.BranchNode, lang)
		}
	}
}

func (r *Renderer) spellBoth(b *parse.BranchNode, lang locale.Lang) {
	r.spell(b.List, lang)
	r.spell(b.ElseList, lang)
}

// phraseOf is the key of an action that does nothing but say a phrase.
func phraseOf(n *parse.ActionNode) (key string, ok bool) {
	if len(n.Pipe.Decl) != 0 || len(n.Pipe.Cmds) != 1 || len(n.Pipe.Cmds[0].Args) != 2 {
		return "", false
	}
	say, isName := n.Pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	words, isText := n.Pipe.Cmds[0].Args[1].(*parse.StringNode)
	if !isName || !isText || say.Ident != "t" {
		return "", false
	}
	return words.Text, true
}
