// Three articles made up for this page: no person, body or event in them is real.

export const EXAMPLES = [
  {
    name: "Border talks",
    text: `VARNHOLM, March 3 — Foreign Minister Elna Brask said on Monday that Russia had agreed to reopen two crossings, but she warned that the deal could collapse within days.

“We have a paper with a signature on it,” she told reporters, “and nothing more than that. Moscow has signed papers before.”

Brask’s Ukrainian counterpart, Taras Holub, called the agreement “a pause, not a peace”. Kyiv would not send its own observers until every prisoner is home, he added.

“They keep moving the line,” Holub said. “Every week it is another village, another excuse.”

The Kremlin denied that its forces had crossed the river. “These claims are invented,” said Oleg Sarytsin, a spokesman for the Russian border service.

A senior official, who asked not to be named because the talks are private, said the European side was prepared to wait until the summer.

Not everyone in Varnholm is worried. “My grandmother lived through worse,” said Pim Dekker, who sells flowers next to the ministry. “It will rain on Thursday, that is what I know.”`,
  },
  {
    name: "A budget row",
    text: `Finance Secretary Idris Vale defended his spending plan on Wednesday, telling parliament that the deficit would fall below three percent “by the end of next year, not a day later”.

The opposition was not convinced. “This is a budget written on the back of a menu,” said Greta Lund, who leads the Centre Union. She accused the secretary of hiding 400 million in pension costs.

Vale rejected that. “There are no hidden costs,” he said. “Every crown is on page twelve.”

A report by the Court of Auditors found that the defence ministry had paid twice for the same radar. Its author, Professor Amadou Keita, wrote that the overrun “was foreseeable and was foreseen”.

Teachers’ unions said they would strike if pay was frozen again. “We are not asking for the moon,” their chairwoman, Bea Moreau, said. “We are asking for last year’s salary.”

According to a ministry spokeswoman, talks on public pay will resume next week.`,
  },
  {
    name: "An interview",
    text: `🎙️ Morning Wire: an interview with General (ret.) Yael Ben-Ami (יעל בן־עמי), who advised Ukraine’s air defence for two years.

Morning Wire: Is the new aid package enough?

Yael Ben-Ami: It is enough for one winter. Ukraine needs a plan for three, and the money for it has to be in the budget now, not in a speech.

Morning Wire: Your critics say you exaggerate.

Yael Ben-Ami: They said that in the first year too. Then the power stations burned.

Asked about Moscow’s offer of a truce, she said she did not believe it. “Russia counts drones 🛩️, not words,” she said.

Her former deputy, Colonel Niklas Öström, disagrees. In a post on Tuesday he wrote: “A truce costs nothing. A war costs us 9 billion a year.” He did not say that the aid should stop.`,
  },
];
