"""Language models as extractors: asked over HTTP, their strings grounded, nothing paid twice."""
