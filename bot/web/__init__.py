"""The web pages: who may open which, what they show, and the headers that go with every answer."""
