"""What Fyren knows: Swedish retrieval over an indexed knowledge base, and verified answers.

The core (everything outside `adapters`) imports no framework. The door is `knowledge.advisor.Advisor`.
"""
