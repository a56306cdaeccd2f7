"""Who is told what, in the hall and by e-mail.

Every event of the journey that concerns somebody becomes a notice for them, once, and a letter that carries
the same sentence and the address of the thing. Sentences are kept as a kind and its facts and are said in
the reader's language. Whoever did a thing is not told of it. Letters go out behind the scenes: what cannot
be sent is tried again, and in the end given up in sight of the operator.
"""
